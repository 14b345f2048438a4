// How the scripted agent does each task of the demo's plan: short stories of what a real agent would do.
import { quoteForShell } from '../text/shell-word.ts';
import { TASKS } from './scratch-project.ts';
import type { AgentSession } from './session.ts';
import { doImport, doTable } from './tasks-with-output.ts';

/** Does the work of one task, without ticking its box. */
export type Story = (agent: AgentSession) => Promise<void>;

export const RUN_TESTS = 'node --test --test-reporter=spec';

const STORIES: Readonly<Record<string, Story>> = {
  [TASKS.total]: doTotal,
  [TASKS.comma]: doComma,
  [TASKS.overview]: doOverview,
  [TASKS.table]: doTable,
  [TASKS.import]: doImport,
  [TASKS.readme]: doReadme,
};

/** The story for a task; one that nobody wrote for it is noted down in a file. */
export function storyFor(task: string): Story {
  return STORIES[task] ?? ((agent) => noteDown(agent, task));
}

async function doTotal(agent: AgentSession): Promise<void> {
  await agent.read('src/ledger.js');
  await agent.think('balances() sums by name. total() is the sum of those sums, and an empty ledger must give 0.');
  await agent.edit(
    'src/ledger.js',
    'export function balances(records) {',
    `export function total(records) {
  return records.reduce((sum, { cents }) => sum + cents, 0);
}

/** @param {{ name: string, cents: number }[]} records */
export function balances(records) {`,
  );
  await agent.write(
    'test/ledger.test.js',
    `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balances, total } from '../src/ledger.js';

const records = [
  { name: 'Ada', cents: 240 },
  { name: 'Grace', cents: 300 },
  { name: 'Ada', cents: 180 },
];

test('sums by name', () => {
  assert.deepEqual([...balances(records)], [['Ada', 420], ['Grace', 300]]);
});

test('sums everything', () => {
  assert.equal(total(records), 720);
  assert.equal(total([]), 0);
});
`,
  );
  await agent.bash(RUN_TESTS, 'Run the tests');
}

/** A failing test first, then the fix. */
async function doComma(agent: AgentSession): Promise<void> {
  await agent.read('src/money.js');
  await agent.say('First a test that shows the mistake.');
  await agent.edit(
    'test/money.test.js',
    "  assert.equal(parseAmount('3'), 300);\n",
    "  assert.equal(parseAmount('3'), 300);\n  assert.equal(parseAmount('1,50'), 150);\n",
  );
  await agent.bash(RUN_TESTS, 'Run the tests, one must fail');
  await agent.think('As expected: parseFloat stops at the comma. Replace it before parsing; nothing else may change.');
  await agent.edit('src/money.js', 'Number.parseFloat(text)', "Number.parseFloat(text.replace(',', '.'))");
  await agent.edit('src/money.js', '/** "2.40" is 240.', '/** "2.40" and "2,40" are 240.');
  await agent.bash(RUN_TESTS, 'Run the tests again');
}

/** Looks around with a subagent. */
async function doOverview(agent: AgentSession): Promise<void> {
  const prompt = 'List every module in src/ with what it exports. Report in one line each.';
  await agent.delegate('List the modules', prompt, async () => {
    await agent.bash("grep -n '^export' src/*.js", 'Find the exports');
    await agent.read('src/ledger.js');
    await agent.read('src/money.js');
    return 'src/ledger.js exports total and balances; src/money.js exports parseAmount and formatAmount.';
  });
  await agent.write(
    'docs/overview.md',
    `# Overview

| module | what it is for |
| --- | --- |
| src/ledger.js | sums of records: \`balances\` by name, \`total\` of all |
| src/money.js | amounts: \`parseAmount\` from text to cents, \`formatAmount\` back |

Amounts are whole cents everywhere; only src/money.js knows how people write them.
`,
  );
  await agent.bash(
    'for module in src/*.js; do grep -q "$module" docs/overview.md || echo "missing: $module"; done',
    'Check that no module is missing',
  );
}

async function doReadme(agent: AgentSession): Promise<void> {
  await agent.read('README.md');
  await agent.write(
    'README.md',
    `# coffee-ledger

Who drank how much coffee, and who pays for it.

\`\`\`sh
node src/table.js records/march.csv   # the balances as a table
node --test                           # the tests
\`\`\`

Modules: [docs/overview.md](docs/overview.md).
`,
  );
  await agent.bash('node src/table.js records/march.csv', 'Try what the README says');
  await agent.bash(RUN_TESTS, 'Run all tests once more');
}

async function noteDown(agent: AgentSession, task: string): Promise<void> {
  await agent.think(`This is a scripted agent; it has no story for: ${task}`);
  await agent.bash(`printf -- '- %s\\n' ${quoteForShell(task)} >> NOTES.md && tail -n 3 NOTES.md`, 'Note it down');
}
