// `ralph-tui config`: shows what holds here and where it comes from, or keeps options in the person's file.
import { ConfigError } from '../config/config-error.ts';
import { chooseCredential, hasOwnLogin, whoPays } from '../config/credentials.ts';
import { readToken, tokenPath } from '../config/login-store.ts';
import { flagName, OPTION_TABLE, type OptionKey } from '../config/option-table.ts';
import { personFilePath, readPersonFile, withOptions, writePersonFile } from '../config/person-file.ts';
import type { FileOptions } from '../config/person-file-schema.ts';
import type { FlagValues, OptionSource } from '../config/resolve-options.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { MODES, type Mode } from '../core/options.ts';
import { displayWidth } from '../text/width.ts';
import { locateRepository, RepositoryError } from '../workspace/locate.ts';
import { type CommandContext, say } from './line/context.ts';
import { findEngine } from './start/preflight.ts';
import { resolveStart } from './start/start-request.ts';

export interface ConfigOptions {
  readonly save: boolean;
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
  return options.save ? save(context, options, mode) : show(context, options, mode ?? 'build');
}

async function show(context: CommandContext, { flags }: ConfigOptions, mode: Mode): Promise<number> {
  const repository = await repositoryOrHere(context);
  const request = { mode, bare: false, work: null, flags };
  const first = await resolveStart(context, request, { repository, engineMemoryBytes: null });
  // Without an engine the default is shown that a large one would give.
  const engine = await findEngine(first.options.sandbox, context.environment).catch(() => null);
  const engineMemoryBytes = engine?.memoryBytes ?? null;
  const { options, sources } = await resolveStart(context, request, { repository, engineMemoryBytes });
  const fact = (label: string, text: string) => say(context.stdout, `${label.padEnd(KEY_CELLS)}  ${text}`);
  await fact('file', personFilePath(context.environment));
  await fact('section', `repositories[${JSON.stringify(repository)}], mode ${mode}`);
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
    { repository: repository ?? context.cwd, engineMemoryBytes: null },
  );
  const path = personFilePath(context.environment);
  const file = await readPersonFile(path);
  const options = Object.fromEntries(
    keys.map((key) => [key, lastingValue(key, flags, resolved.options)]),
  ) as FileOptions;
  await writePersonFile(path, withOptions(file, { repository, mode }, options));
  const where = repository === null ? 'every repository' : repository;
  await say(context.stdout, `saved for ${where}${mode === null ? '' : `, mode ${mode}`}: ${keys.join(', ')} (${path})`);
  return EXIT_CODES.finished;
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

/** Showing works anywhere. */
async function repositoryOrHere(context: CommandContext): Promise<string> {
  try {
    return (await locateRepository(context.cwd)).top;
  } catch (error) {
    if (error instanceof RepositoryError) return context.cwd;
    throw error;
  }
}

function readMode(text: string | null): Mode | null {
  if (text === null) return null;
  const mode = MODES.find((candidate) => candidate === text);
  if (mode === undefined) throw new ConfigError(`--mode: "${text}" is no mode; write ${MODES.join(', ')}`);
  return mode;
}
