// Tests that need something of the machine say so here. What is missing is said loudly, and under CI=true it is a
// failing test: nothing is skipped there.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { realClaude } from './real-claude.ts';

export type Thing = 'docker' | 'image' | 'claude' | 'claude-old' | 'tmux' | 'root';

/** Image that scripts/test-host builds from Dockerfile.sandbox. */
export const TEST_IMAGE = process.env.RALPH_TEST_IMAGE ?? 'ralph-tui/test-sandbox';

/**
 * `describe` for tests that need these things: `requires('docker', 'claude')('a run', () => { … })`.
 */
export function requires(...things: readonly Thing[]): (name: string, body: () => void) => void {
  const missing = things.filter((thing) => !isThere(thing));
  return (name, body) => {
    if (missing.length === 0) {
      describe(name, body);
      return;
    }
    const complaint = `${name}: this machine lacks ${missing.join(', ')} (scripts/test-host brings it)`;
    if (process.env.CI === 'true') {
      describe(name, () => {
        it(`needs ${missing.join(', ')}`, () => expect.fail(complaint));
      });
      return;
    }
    console.warn(`SKIPPED ${complaint}`);
    describe.skip(name, body);
  };
}

const known = new Map<Thing, boolean>();

/** Whether the machine has it; looked up once. */
export function isThere(thing: Thing): boolean {
  const answer = known.get(thing) ?? lookFor(thing);
  known.set(thing, answer);
  return answer;
}

function lookFor(thing: Thing): boolean {
  switch (thing) {
    case 'docker':
      return succeeds('docker', ['version', '--format', '{{.Server.Version}}']);
    case 'image':
      return succeeds('docker', ['image', 'inspect', '--format', '{{.Id}}', TEST_IMAGE]);
    case 'claude':
      return realClaude('current') !== null;
    case 'claude-old':
      return realClaude('old') !== null;
    case 'tmux':
      return succeeds('tmux', ['-V']);
    case 'root':
      return process.getuid?.() === 0;
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 15_000 }).status === 0;
}
