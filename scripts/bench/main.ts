// `npm run bench -- [--rounds N] [NAME…]`: our program beside another one that does the same. Figures to read; nothing
// here passes or fails by them.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { makeTemporaryFolder } from '../../test/harness/temporary.ts';
import type { Bench } from './bench.ts';
import { runInTurns } from './in-turns.ts';
import { inspectBench } from './inspect.ts';
import { dockerLoop } from './loop/docker.ts';
import { hostLoop, uncommittedLoop } from './loop/host.ts';
import { rivalBenches } from './rival.ts';
import { tableOf } from './table.ts';
import { viewerBenches } from './viewer.ts';

const BENCHES: readonly Bench[] = [
  hostLoop,
  uncommittedLoop,
  dockerLoop,
  inspectBench,
  ...viewerBenches,
  ...rivalBenches,
];

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
  // What is not known is told below, in one line.
  strict: false,
});
const rounds = Number(values.rounds);
const unknown = positionals.find((name) => BENCHES.every((bench) => bench.name !== name));
const strange = Object.keys(values).find((name) => name !== 'rounds');
if (unknown !== undefined || strange !== undefined || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`usage: npm run bench -- [--rounds N] [${BENCHES.map((bench) => bench.name).join('|')} …]`);
  process.exit(2);
}
// ^C reaches the running program as well: it ends, the measurement fails, and what it left is cleaned up.
process.on('SIGINT', () => undefined);
console.log(`${availableParallelism()} CPUs, load ${loadavg()[0]?.toFixed(1)}, ${rounds} rounds in turns\n`);
for (const bench of BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name)))
  await run(bench);

async function run(bench: Bench): Promise<void> {
  const lacking = await bench.lacks();
  if (lacking !== null) {
    console.log(`${bench.name}: not run, this machine lacks ${lacking}\n`);
    return;
  }
  await using folder = await makeTemporaryFolder();
  const match = await bench.prepare(folder.path);
  try {
    const { ours, other } = await runInTurns(match, rounds);
    console.log(`${tableOf(bench, ours, other).join('\n')}\n`);
  } finally {
    await match.cleanUp?.();
  }
}
