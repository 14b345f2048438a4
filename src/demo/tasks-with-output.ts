// Two stories of the demo whose commands have something to show: a table, and output that comes slowly.
import type { AgentSession } from './session.ts';

/** Seconds between two lines of the import at pace 1. */
const IMPORT_STEP_SECONDS = 0.6;

const TABLE = `import { readFileSync } from 'node:fs';
import { balances } from './ledger.js';
import { formatAmount, parseAmount } from './money.js';

/** Reads "name,amount" lines below a heading. */
export function readRecords(text) {
  return text
    .trim()
    .split('\\n')
    .slice(1)
    .map((line) => {
      const [name, amount] = line.split(/,(.*)/);
      return { name, cents: parseAmount(amount) };
    });
}

/** One line a person, in a box. */
export function table(records) {
  const rows = [...balances(records)].map(([name, cents]) => [name, \`€ \${formatAmount(cents)}\`]);
  const width = (column) => Math.max(...rows.map((row) => row[column].length));
  const [names, amounts] = [width(0), width(1)];
  const bar = (left, middle, right) => left + '─'.repeat(names + 2) + middle + '─'.repeat(amounts + 2) + right;
  const lines = rows.map(([name, amount]) => \`│ \${name.padEnd(names)} │ \${amount.padStart(amounts)} │\`);
  return [bar('┌', '┬', '┐'), ...lines, bar('└', '┴', '┘')].join('\\n');
}

if (process.argv[2]) console.log(table(readRecords(readFileSync(process.argv[2], 'utf8'))));
`;

const TABLE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from '../src/table.js';

test('draws a box around names of any alphabet', () => {
  const drawn = table([{ name: 'Ada', cents: 240 }, { name: 'Σοφία', cents: 1050 }]);
  assert.equal(drawn, ['┌───────┬─────────┐', '│ Ada   │  € 2.40 │', '│ Σοφία │ € 10.50 │', '└───────┴─────────┘'].join('\\n'));
});
`;

/** Prints letters beyond ASCII. */
export async function doTable(agent: AgentSession): Promise<void> {
  await agent.think(
    'Box lines ┌─┐ and the € sign: one character wide each, so padEnd counts right. 日本 would be two wide.',
  );
  await agent.write('src/table.js', TABLE);
  await agent.write('test/table.test.js', TABLE_TEST);
  await agent.bash('node src/table.js records/march.csv', 'Look at the table');
  await agent.bash('node --test --test-reporter=spec', 'Run the tests');
}

/** A command that takes its time and says how far it is. */
export async function doImport(agent: AgentSession): Promise<void> {
  await agent.write(
    'scripts/import-year.sh',
    `#!/bin/sh
# Makes records/year.csv from twelve months, and says how far it is. Seconds between two months: $1
set -eu
echo 'name,amount' >records/year.csv
month=1
while [ "$month" -le 12 ]; do
  tail -n +2 records/march.csv >>records/year.csv
  printf 'month %2d of 12: %3d records\\n' "$month" "$(($(wc -l <records/year.csv) - 1))"
  sleep "\${1:-0}"
  month=$((month + 1))
done
`,
  );
  const seconds = (IMPORT_STEP_SECONDS * agent.pace).toFixed(2);
  await agent.bash(`sh scripts/import-year.sh ${seconds}`, 'Import the year');
  await agent.bash('node src/table.js records/year.csv && wc -l records/year.csv', 'Look at the result');
}
