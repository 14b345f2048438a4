// The small project that the demo's agent works on: a ledger of who drank how much coffee.

/** The plan's tasks, in their order; tasks.ts knows how each is done. */
export const TASKS = {
  total: 'Add `total()` to src/ledger.js, with a test',
  comma: 'Fix `parseAmount`: "1,50" is 150 cents, not 100',
  overview: 'Describe every module in docs/overview.md',
  table: 'Print the balances as a table, with box lines and currency signs',
  import: 'Import a whole year of records, and tell how far it is',
  readme: 'Explain in README.md how to run it',
} as const;

export const PLAN_FILE = 'IMPLEMENTATION_PLAN.md';

export const PLAN = `# Implementation plan

## Correct first

- [ ] ${TASKS.total}
- [ ] ${TASKS.comma}

## Then useful

- [ ] ${TASKS.overview}
- [ ] ${TASKS.table}
- [ ] ${TASKS.import}
- [ ] ${TASKS.readme}
`;

const LEDGER = `// Who owes how much: amounts in cents, by name.

/** @param {{ name: string, cents: number }[]} records */
export function balances(records) {
  const sums = new Map();
  for (const { name, cents } of records) sums.set(name, (sums.get(name) ?? 0) + cents);
  return sums;
}
`;

const MONEY = `// Amounts as people write them, and as they are kept: in cents.

/** "2.40" is 240. Throws on what is no amount. */
export function parseAmount(text) {
  const amount = Number.parseFloat(text);
  if (Number.isNaN(amount)) throw new Error(\`not an amount: \${text}\`);
  return Math.round(amount * 100);
}

/** 240 is "2.40". */
export function formatAmount(cents) {
  return (cents / 100).toFixed(2);
}
`;

const MONEY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAmount, parseAmount } from '../src/money.js';

test('reads amounts', () => {
  assert.equal(parseAmount('2.40'), 240);
  assert.equal(parseAmount('3'), 300);
  assert.throws(() => parseAmount('coffee'), /not an amount/);
});

test('writes amounts', () => {
  assert.equal(formatAmount(240), '2.40');
});
`;

const RECORDS = `name,amount
Ada,2.40
Grace,3.00
Ada,1.80
Edsger,2.40
Grace,2.40
`;

/** Every file of the first commit, by its path. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  'AGENTS.md': `# For agents

- Tests: \`node --test\`. Run them before every commit.
- No dependencies; plain JavaScript modules in src/, tests in test/.
- One task of ${PLAN_FILE} at a time: tick its box, commit.
`,
  'README.md': '# coffee-ledger\n\nWho drank how much coffee, and who pays for it.\n',
  [PLAN_FILE]: PLAN,
  'package.json': `${JSON.stringify({ name: 'coffee-ledger', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'records/march.csv': RECORDS,
  'src/ledger.js': LEDGER,
  'src/money.js': MONEY,
  'test/money.test.js': MONEY_TEST,
};
