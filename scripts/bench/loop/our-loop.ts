// A whole run of ours, from the shell, and what its journal says of the time between two agents.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Event } from '../../../src/core/events.ts';
import { runProgram } from '../../../test/harness/process.ts';
import { NODE, PROJECT_ROOT } from '../../../test/harness/project.ts';
import type { Measurement } from '../bench.ts';
import { gapsOf, type InstantAgent, type Lifetime } from './instant-agent.ts';

export interface OurLoop {
  readonly repository: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly agent: InstantAgent;
  readonly iterations: number;
  /** Options of `ralph-tui build`. */
  readonly options: readonly string[];
}

/** RALPH_TEST_CLI names another program than the one that `npm run build` makes. */
const CLI = process.env.RALPH_TEST_CLI ?? join(PROJECT_ROOT, 'dist/cli.js');

export async function runOurLoop(loop: OurLoop): Promise<Measurement> {
  const argv = ['build', String(loop.iterations), '--headless', '--agent', loop.agent.path, ...loop.options];
  const { exitCode, stdout, stderr } = await runProgram([NODE, CLI, ...argv], {
    cwd: loop.repository,
    env: loop.environment,
    timeoutMs: 600_000,
  });
  if (exitCode !== 0) throw new Error(`the loop ended with ${exitCode}:\n${stdout}${stderr}`);
  const lifetimes = await loop.agent.takeLifetimes();
  const journal = await readFile(join(loop.repository, '.loop-logs/events.ndjson'), 'utf8');
  const events = journal
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  return { values: gapsOf(lifetimes), steps: stepsOf(lifetimes, events) };
}

/** Each step ends with the event that it is for, the first begins with an agent's end, the last ends with the next's start. */
function stepsOf(lifetimes: readonly Lifetime[], events: readonly Event[]): Record<string, number[]> {
  const timesOf = (type: Event['type']) =>
    events.filter((event) => event.type === type).map(({ at }) => Date.parse(at));
  const exited = timesOf('attempt_exited');
  const sealed = timesOf('attempt_sealed');
  const starting = timesOf('attempt_starting').slice(1);
  const ends = lifetimes.slice(0, -1).map(({ endMs }) => endMs);
  const starts = lifetimes.slice(1).map(({ startMs }) => startMs);
  return {
    'its end is noticed': between(ends, exited),
    'sealed: git, receipt': between(exited, sealed),
    'the next one prepared': between(sealed, starting),
    'and started': between(starting, starts),
  };
}

function between(from: readonly number[], to: readonly number[]): number[] {
  return to
    .slice(0, from.length)
    .map((ms, index) => ms - (from[index] ?? Number.NaN))
    .filter(Number.isFinite);
}
