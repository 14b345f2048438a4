// `ralph-tui config`: shows what holds here and where it comes from, keeps options in the person's file, and takes
// them back.
import { ConfigError } from '../config/config-error.ts';
import { chooseCredential, hasOwnLogin, whoPays } from '../config/credentials.ts';
import { readToken, tokenPath } from '../config/login-store.ts';
import { flagName, OPTION_KEYS, OPTION_TABLE, type OptionKey, optionNamed } from '../config/option-table.ts';
import {
  keptIn,
  personFilePath,
  readPersonFile,
  type SectionAddress,
  withOptions,
  withoutOptions,
  writePersonFile,
} from '../config/person-file.ts';
import type { FileOptions } from '../config/person-file-schema.ts';
import type { FlagValues, OptionSource, ResolvedOptions } from '../config/resolve-options.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { MODES, type Mode } from '../core/options.ts';
import { nearestWord } from '../text/nearest-word.ts';
import { displayWidth } from '../text/width.ts';
import { locateRepository, RepositoryError } from '../workspace/locate.ts';
import { type CommandContext, say } from './line/context.ts';
import { findEngine } from './start/preflight.ts';
import { resolveStart } from './start/start-request.ts';

export interface ConfigOptions {
  readonly save: boolean;
  /** Options that are not to be kept any more, as typed. */
  readonly unset: readonly string[];
  /** Keep for every repository instead of this one. */
  readonly forAll: boolean;
  /** One mode only; null for all when saving, for build when showing. */
  readonly mode: string | null;
  readonly flags: FlagValues;
}

const KEY_CELLS = Math.max(...Object.keys(OPTION_TABLE).map((key) => key.length));
const WIDEST_VALUE = 24;

export async function configCommand(context: CommandContext, options: ConfigOptions): Promise<number> {
  const mode = readMode(options.mode);
  if (options.unset.length > 0) return unset(context, options, mode);
  return options.save ? save(context, options, mode) : show(context, options, mode ?? 'build');
}

async function show(context: CommandContext, { flags }: ConfigOptions, mode: Mode): Promise<number> {
  const { repository, why } = await repositoryHere(context);
  const { options, sources } = await resolveHere(context, { flags, mode, repository });
  const fact = (label: string, text: string) => say(context.stdout, `${label.padEnd(KEY_CELLS)}  ${text}`);
  await fact('file', personFilePath(context.environment));
  if (why !== null) await fact('repository', `none: ${why}`);
  const section = repository === null ? 'defaults' : `repositories[${JSON.stringify(repository)}]`;
  await fact('section', `${section}, mode ${mode}`);
  const credential = chooseCredential({
    environment: context.environment,
    storedToken: await readToken(tokenPath(context.environment)),
    sandbox: options.sandbox,
    ownLogin: await hasOwnLogin(context.environment),
  });
  await fact('login', whoPays(credential));
  for (const line of sourceLines(sources.filter(isLasting))) await say(context.stdout, line);
  return EXIT_CODES.finished;
}

async function save(context: CommandContext, { flags, forAll }: ConfigOptions, mode: Mode | null): Promise<number> {
  const keys = Object.keys(flags) as OptionKey[];
  const fleeting = keys.find((key) => !OPTION_TABLE[key].inFile);
  if (fleeting !== undefined) throw new ConfigError(`${flagName(fleeting)} is for one start only and cannot be saved`);
  if (keys.length === 0) {
    throw new ConfigError('nothing to save; name options, such as: ralph-tui config --save --memory 12g');
  }
  const repository = forAll ? null : (await locateRepository(context.cwd)).top;
  // Refuses bad values before they get into the file.
  const resolved = await resolveStart(
    context,
    { mode: mode ?? 'build', bare: false, work: null, flags },
    { repository, engineMemoryBytes: null },
  );
  const path = personFilePath(context.environment);
  const file = await readPersonFile(path);
  const options = Object.fromEntries(
    keys.map((key) => [key, lastingValue(key, flags, resolved.options)]),
  ) as FileOptions;
  await writePersonFile(path, withOptions(file, { repository, mode }, options));
  await say(context.stdout, `saved for ${whereOf({ repository, mode })}: ${keys.join(', ')} (${path})`);
  return EXIT_CODES.finished;
}

async function unset(context: CommandContext, asked: ConfigOptions, mode: Mode | null): Promise<number> {
  if (Object.keys(asked.flags).length > 0)
    throw new ConfigError('--unset takes the names of options alone, such as: ralph-tui config --unset memory');
  const keys = [...new Set(asked.unset.map(readKey))];
  const repository = asked.forAll ? null : (await locateRepository(context.cwd)).top;
  const address = { repository, mode };
  const path = personFilePath(context.environment);
  const file = await readPersonFile(path);
  const kept = keptIn(file, address);
  const strange = keys.filter((key) => kept[key] === undefined);
  if (strange.length > 0) {
    const help = 'ralph-tui config tells where each option comes from';
    throw new ConfigError(`nothing is kept of ${strange.join(', ')} for ${whereOf(address)}; ${help}`);
  }
  await writePersonFile(path, withoutOptions(file, address, keys));
  await say(context.stdout, `taken back for ${whereOf(address)}: ${keys.join(', ')} (${path}); what holds now:`);
  const here = repository ?? (await repositoryHere(context)).repository;
  const { sources } = await resolveHere(context, { flags: {}, mode: mode ?? 'build', repository: here });
  for (const line of sourceLines(sources.filter(({ key }) => keys.includes(key)))) await say(context.stdout, line);
  return EXIT_CODES.finished;
}

function readKey(name: string): OptionKey {
  const key = optionNamed(name);
  if (key !== null) return key;
  const meant = nearestWord(name.replace(/^--/, ''), OPTION_KEYS);
  const help = meant === null ? 'see: ralph-tui config' : `did you mean ${meant}?`;
  throw new ConfigError(`--unset: there is no option "${name}"; ${help}`);
}

function whereOf({ repository, mode }: SectionAddress): string {
  return `${repository ?? 'every repository'}${mode === null ? '' : `, mode ${mode}`}`;
}

/** With the defaults that this machine's engine leads to; without an engine, those that a large one would. */
async function resolveHere(
  context: CommandContext,
  asked: { readonly flags: FlagValues; readonly mode: Mode; readonly repository: string | null },
): Promise<ResolvedOptions> {
  const { flags, mode, repository } = asked;
  const request = { mode, bare: false, work: null, flags };
  const first = await resolveStart(context, request, { repository, engineMemoryBytes: null });
  const engine = await findEngine(first.options.sandbox, context.environment).catch(() => null);
  return resolveStart(context, request, { repository, engineMemoryBytes: engine?.memoryBytes ?? null });
}

/** Paths are kept absolute: the file knows nothing of the folder in which they were typed. */
function lastingValue(
  key: OptionKey,
  flags: FlagValues,
  options: { readonly promptPath: string | null; readonly environmentFile: string | null },
) {
  if (key === 'prompt') return options.promptPath;
  return key === 'envFile' ? options.environmentFile : flags[key];
}

function sourceLines(sources: readonly OptionSource[]): string[] {
  const shownCells = Math.min(WIDEST_VALUE, Math.max(...sources.map(({ shown }) => displayWidth(shown))));
  return sources.map(({ key, shown, kind, name }) => {
    const from = kind === 'default' ? 'default' : `${kind} ${name}`;
    return `${key.padEnd(KEY_CELLS)}  ${shown.padEnd(shownCells)}  ${from}`;
  });
}

function isLasting({ key }: OptionSource): boolean {
  return OPTION_TABLE[key].inFile;
}

/** Showing works anywhere. `why` there is none, null where there is one. */
async function repositoryHere(context: CommandContext): Promise<{ repository: string | null; why: string | null }> {
  try {
    return { repository: (await locateRepository(context.cwd)).top, why: null };
  } catch (error) {
    if (error instanceof RepositoryError) return { repository: null, why: error.message };
    throw error;
  }
}

function readMode(text: string | null): Mode | null {
  if (text === null) return null;
  const mode = MODES.find((candidate) => candidate === text);
  if (mode === undefined) throw new ConfigError(`--mode: "${text}" is no mode; write ${MODES.join(', ')}`);
  return mode;
}
