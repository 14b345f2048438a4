// Every option of a run in one table: commander, the person's file, `config --show` and the README are made from it.
import { DEFAULT_IMAGE } from '../core/image-command.ts';
import type { Network } from '../core/sandbox.ts';
import { formatBytes } from '../text/bytes.ts';
import { formatDuration, parseDuration } from '../text/duration.ts';
import { listOption, type OptionDefinition, switchOption, valueOption } from './option-definition.ts';
import {
  parseCpus,
  parseIdleLimit,
  parseInsidePath,
  parseMaximum,
  parseMemory,
  parseNetwork,
  parsePids,
  parseSandbox,
  parseText,
  parseVariableName,
  parseWord,
  showMaximum,
  showNetwork,
} from './parse-values.ts';
import { splitWords } from './split-words.ts';

export const DEFAULT_PLAN_FILE = 'IMPLEMENTATION_PLAN.md';

/** Option keys, as in the person's file, and the types of their values. */
export interface OptionValues {
  sandbox: 'docker' | 'host';
  image: string;
  memory: number;
  cpus: number;
  pids: number;
  network: Network;
  model: string;
  maxIterations: number | null;
  maxTurns: number | null;
  prompt: string | null;
  planFile: string;
  push: boolean;
  step: boolean;
  until: string | null;
  maxWait: number | null;
  idleLimit: number | null;
  iterationTimeout: number | null;
  notify: string | null;
  env: readonly string[];
  envFile: string | null;
  agentArguments: readonly string[];
  yes: boolean;
  headless: boolean;
  plain: boolean;
  replace: boolean;
  agent: readonly string[];
}

export type OptionKey = keyof OptionValues;

const GIBIBYTE = 1024 ** 3;
const MEMORY_SHARE = 0.75;
const PLAN_WORK_ITERATIONS = 5;

export const OPTION_TABLE: { readonly [Key in OptionKey]: OptionDefinition<OptionValues[Key]> } = {
  sandbox: valueOption<'docker' | 'host'>({
    flag: '--sandbox <kind>',
    environment: ['SANDBOX'],
    help: 'where the agent runs: docker, or host (no memory limit, no isolation)',
    defaultText: 'docker',
    default: () => 'docker',
    parse: parseSandbox,
  }),
  image: valueOption<string>({
    flag: '--image <reference>',
    help: 'the sandbox image; ralph-tui image builds it',
    defaultText: DEFAULT_IMAGE,
    default: () => DEFAULT_IMAGE,
    parse: parseWord,
  }),
  memory: valueOption<number>({
    flag: '--memory <size>',
    environment: ['MEMORY_LIMIT'],
    help: 'memory of the sandbox, such as 512m or 8g; over it the attempt is killed',
    defaultText: "8g, or 75 % of the engine's memory if that is less",
    default: ({ engineMemoryBytes }) => defaultMemory(engineMemoryBytes),
    parse: parseMemory,
    show: formatBytes,
  }),
  cpus: valueOption<number>({
    flag: '--cpus <number>',
    environment: ['CPU_LIMIT'],
    help: 'CPUs of the sandbox, fractions allowed',
    defaultText: '4',
    default: () => 4,
    parse: parseCpus,
  }),
  pids: valueOption<number>({
    flag: '--pids <number>',
    environment: ['PIDS_LIMIT'],
    help: 'processes in the sandbox',
    defaultText: '512',
    default: () => 512,
    parse: parsePids,
  }),
  network: valueOption<Network>({
    flag: '--network <kind>',
    help: 'network of the sandbox: open, none, or bridge:NAME for a Docker network of yours',
    defaultText: 'open',
    default: () => ({ kind: 'open' }),
    parse: parseNetwork,
    show: showNetwork,
  }),
  model: valueOption<string>({
    flag: '--model <name>',
    help: "the agent's model",
    defaultText: 'opus',
    default: () => 'opus',
    parse: parseWord,
  }),
  maxIterations: valueOption<number | null>({
    flag: '--max-iterations <number>',
    help: 'stop after so many iterations, 0 for no limit; the same as the number behind the mode',
    defaultText: `no limit; ${PLAN_WORK_ITERATIONS} for plan-work`,
    default: ({ mode }) => (mode === 'plan-work' ? PLAN_WORK_ITERATIONS : null),
    parse: parseMaximum,
    show: showMaximum,
  }),
  maxTurns: valueOption<number | null>({
    flag: '--max-turns <number>',
    help: 'turns of the agent in one iteration, 0 for no limit',
    defaultText: 'no limit',
    default: () => null,
    parse: parseMaximum,
    show: showMaximum,
  }),
  prompt: valueOption<string | null>({
    flag: '--prompt <file>',
    help: 'the prompt of every iteration',
    defaultText: "the repository's PROMPT_build.md (…_plan.md, …_plan_work.md) or PROMPT.md, else our own",
    default: () => null,
    parse: (text) => text,
    show: (value) => value ?? "the repository's own, else ours",
  }),
  planFile: valueOption<string>({
    flag: '--plan-file <path>',
    help: 'the plan, a path inside the repository',
    defaultText: DEFAULT_PLAN_FILE,
    default: () => DEFAULT_PLAN_FILE,
    parse: parseInsidePath,
  }),
  push: switchOption({
    flag: '--push',
    help: 'push the branch after every attempt; never by force, never main or master',
  }),
  step: switchOption({ flag: '--step', help: 'pause after every iteration' }),
  until: valueOption<string | null>({
    flag: '--until <command>',
    help: 'this command (or the check of that name in your file) has to succeed before the run is done',
    defaultText: 'none',
    default: () => null,
    parse: parseText,
    show: (value) => value ?? 'none',
  }),
  maxWait: valueOption<number | null>({
    flag: '--max-wait <duration>',
    help: 'a usage limit that lasts longer needs you',
    defaultText: '6h',
    default: () => null,
    parse: (text) => parseDuration(text),
    show: (value) => (value === null ? '6h' : formatDuration(value)),
  }),
  idleLimit: valueOption<number | null>({
    flag: '--idle-limit <duration>',
    help: 'an attempt that says nothing for so long, and runs no tool, is hung; 6m at least',
    defaultText: '10m',
    default: () => null,
    parse: parseIdleLimit,
    show: (value) => (value === null ? '10m' : formatDuration(value)),
  }),
  iterationTimeout: valueOption<number | null>({
    flag: '--iteration-timeout <duration>',
    help: 'longest time of one attempt',
    defaultText: 'no limit',
    default: () => null,
    parse: (text) => parseDuration(text),
    show: (value) => (value === null ? 'no limit' : formatDuration(value)),
  }),
  notify: valueOption<string | null>({
    flag: '--notify <target>',
    help: 'tell you when the run needs you or ends: desktop, ntfy:URL, slack:URL, or a command (JSON on its standard input)',
    defaultText: 'nowhere',
    default: () => null,
    parse: parseText,
    show: (value) => (value === null ? 'nowhere' : (/^(desktop|ntfy|slack)/.exec(value)?.[0] ?? 'command')),
  }),
  env: listOption({
    flag: '--env <name>',
    help: 'hand this variable of your environment to the agent; may be repeated',
    defaultText: 'none',
    parseItem: parseVariableName,
  }),
  envFile: valueOption<string | null>({
    flag: '--env-file <file>',
    help: 'hand the variables of this file (KEY=VALUE lines) to the agent',
    defaultText: 'none',
    default: () => null,
    parse: (text) => text,
  }),
  agentArguments: listOption({
    flag: '--',
    help: 'everything behind it goes to claude',
    defaultText: 'none',
    parseItem: (text) => text,
  }),
  yes: switchOption({ flag: '--yes', help: 'answer every question with yes', inFile: false }),
  headless: switchOption({
    flag: '--headless',
    help: 'run in the foreground, without a screen; the exit code tells how it ended',
    inFile: false,
  }),
  plain: switchOption({ flag: '--plain', help: 'one line a fact instead of a screen: for pipes and screen readers' }),
  replace: switchOption({ flag: '--replace', help: 'stop the live run of this repository first', inFile: false }),
  agent: valueOption<readonly string[]>({
    flag: '--agent <command>',
    help: "the agent's program, for tests and the demo",
    defaultText: 'claude',
    default: () => ['claude'],
    parse: splitWords,
    show: (words) => words.join(' '),
    inFile: false,
    hidden: true,
  }),
};

export const OPTION_KEYS = Object.keys(OPTION_TABLE) as OptionKey[];

/** The part of the flag that is typed: `--memory` of `--memory <size>`. */
export function flagName(key: OptionKey): string {
  return OPTION_TABLE[key].flag.split(' ')[0] ?? '';
}

/** The option that a person means by its flag or its key: `--max-iterations`, `max-iterations`, `maxIterations`. */
export function optionNamed(name: string): OptionKey | null {
  const bare = name.replace(/^--/, '');
  return OPTION_KEYS.find((key) => key === bare || (bare !== '' && flagName(key) === `--${bare}`)) ?? null;
}

/** The smaller of 8 GiB and 75 % of the engine's memory, in whole MiB. */
function defaultMemory(engineMemoryBytes: number | null): number {
  if (engineMemoryBytes === null) return 8 * GIBIBYTE;
  const share = Math.floor((engineMemoryBytes * MEMORY_SHARE) / 1024 ** 2) * 1024 ** 2;
  return Math.min(8 * GIBIBYTE, share);
}
