// Decides every option: flag > environment > the person's file > default, and remembers where each came from.
import { resolve } from 'node:path';
import type { Mode, RunOptions } from '../core/options.ts';
import { InvalidValueError } from '../text/invalid-value-error.ts';
import { ConfigError } from './config-error.ts';
import type { RawValue } from './option-definition.ts';
import { flagName, OPTION_KEYS, OPTION_TABLE, type OptionKey, type OptionValues } from './option-table.ts';
import { type Environment, sectionsFor } from './person-file.ts';
import type { PersonFile } from './person-file-schema.ts';

/** What was typed, by option key; `maxIterations` also from the number behind the mode. */
export type FlagValues = Partial<Record<OptionKey, RawValue>>;

export interface ResolveRequest {
  readonly flags: FlagValues;
  readonly environment: Environment;
  readonly file: PersonFile;
  readonly filePath: string;
  readonly mode: Mode;
  /** The work of plan-work, else null. */
  readonly work: string | null;
  /** Real path of the repository's top folder; null outside of any. */
  readonly repository: string | null;
  /** Where the command was typed: relative paths of flags start there, those of the file in the repository. */
  readonly cwd: string;
  /** Memory of the machine that runs the containers; null when it is not known. */
  readonly engineMemoryBytes: number | null;
}

export type SourceKind = 'flag' | 'environment' | 'file' | 'default';

export interface OptionSource {
  readonly key: OptionKey;
  readonly kind: SourceKind;
  /** `--memory`, `MEMORY_LIMIT`, the section of the file, or `default`. */
  readonly name: string;
  /** The value as a person would write it. */
  readonly shown: string;
}

/** Which command a check's name stands for; anything else is the command itself. */
function namedCheck(until: string | null, file: PersonFile): string | null {
  return until === null ? null : (file.checks?.[until] ?? until);
}

/** What holds for this start only, and is not part of the run. */
export interface StartFlags {
  readonly yes: boolean;
  readonly headless: boolean;
  /** Lines instead of a screen. */
  readonly plain: boolean;
  readonly replace: boolean;
  /** Where notices go; null for nowhere. May hold a secret, so it is kept out of the journal. */
  readonly notify: string | null;
}

export interface ResolvedOptions {
  readonly options: RunOptions;
  readonly start: StartFlags;
  readonly sources: readonly OptionSource[];
}

/** @throws ConfigError, one line, naming the flag, the variable, or the file and key. */
export function resolveOptions(request: ResolveRequest): ResolvedOptions {
  const values: Partial<Record<OptionKey, unknown>> = {};
  const sources: OptionSource[] = [];
  for (const key of OPTION_KEYS) {
    const { value, source } = resolveOne(key, request);
    values[key] = value;
    sources.push(source);
  }
  const all = values as OptionValues;
  return {
    options: runOptions(all, request),
    start: { yes: all.yes, headless: all.headless, plain: all.plain, replace: all.replace, notify: all.notify },
    sources,
  };
}

function runOptions(values: OptionValues, request: ResolveRequest): RunOptions {
  return {
    mode: request.mode,
    work: request.work,
    maxIterations: values.maxIterations,
    sandbox: values.sandbox,
    image: values.image,
    memoryBytes: values.memory,
    cpus: values.cpus,
    pids: values.pids,
    network: values.network,
    model: values.model,
    maxTurns: values.maxTurns,
    promptPath: values.prompt,
    planFile: values.planFile,
    push: values.push,
    step: values.step,
    until: namedCheck(values.until, request.file),
    maxWaitMs: values.maxWait,
    idleLimitMs: values.idleLimit,
    iterationTimeoutMs: values.iterationTimeout,
    environmentNames: [...new Set(values.env)],
    environmentFile: values.envFile,
    agentCommand: values.agent,
    agentArguments: values.agentArguments,
  };
}

interface Found {
  readonly kind: SourceKind;
  readonly name: string;
  readonly raw: RawValue;
  /** What stands before the refusal of a bad value. */
  readonly label: string;
  /** Where relative paths start. */
  readonly folder: string;
}

function resolveOne<Key extends OptionKey>(key: Key, request: ResolveRequest) {
  const definition = OPTION_TABLE[key];
  const found = find(key, request);
  if (found === null) {
    const value = definition.default(request);
    return { value, source: { key, kind: 'default' as const, name: 'default', shown: definition.show(value) } };
  }
  try {
    const read = definition.read(found.raw);
    const value = isPath(key) && typeof read === 'string' ? absolute(read, found.folder, request.environment) : read;
    const shown = definition.show(value as typeof read);
    return { value, source: { key, kind: found.kind, name: found.name, shown } };
  } catch (error) {
    if (error instanceof InvalidValueError) throw new ConfigError(`${found.label}: ${error.message}`, { cause: error });
    throw error;
  }
}

function find(key: OptionKey, request: ResolveRequest): Found | null {
  const { flags, environment, file, filePath, repository, cwd, mode } = request;
  const flag = flags[key];
  if (flag !== undefined) {
    return { kind: 'flag', name: flagName(key), raw: flag, label: flagName(key), folder: cwd };
  }
  for (const name of OPTION_TABLE[key].environment) {
    const raw = environment[name];
    // As in a shell script's ${NAME:-default}: an empty variable is none.
    if (raw !== undefined && raw !== '') return { kind: 'environment', name, raw, label: name, folder: cwd };
  }
  for (const section of sectionsFor(file, repository, mode)) {
    const raw = section.options[key];
    if (raw === undefined) continue;
    const name = `${section.name}.${key}`;
    return { kind: 'file', name, raw, label: `${filePath}: ${name}`, folder: repository ?? cwd };
  }
  return null;
}

function isPath(key: OptionKey): boolean {
  return key === 'prompt' || key === 'envFile';
}

function absolute(path: string, folder: string, environment: Environment): string {
  const home = environment.HOME;
  return path.startsWith('~/') && home !== undefined ? resolve(home, path.slice(2)) : resolve(folder, path);
}
