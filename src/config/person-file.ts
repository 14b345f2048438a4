// The person's own file: where it is, reading and writing it. A file in the repository is never asked: the agent can write it.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Mode } from '../core/options.ts';
import { cannot } from '../system/folder-error.ts';
import { makePath } from '../system/make-path.ts';
import { isAbsent } from '../system/system-error.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { ConfigError } from './config-error.ts';
import type { OptionKey } from './option-table.ts';
import {
  type FileOptions,
  type FileSection,
  firstIssue,
  PERSON_FILE_SCHEMA,
  type PersonFile,
} from './person-file-schema.ts';

/** The environment of a process: what `process.env` is. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CONFIG_HOME/ralph-tui`, else `~/.config/ralph-tui` (XDG Base Directory Specification: relative paths are ignored). */
export function configFolder(environment: Environment): string {
  const configHome = environment.XDG_CONFIG_HOME ?? '';
  if (configHome.startsWith('/')) return join(configHome, 'ralph-tui');
  const home = environment.HOME ?? '';
  if (home === '')
    throw new ConfigError('neither HOME nor XDG_CONFIG_HOME is set; set one, so that your configuration can be found');
  return join(home, '.config', 'ralph-tui');
}

export function personFilePath(environment: Environment): string {
  return join(configFolder(environment), 'config.json');
}

/**
 * Reads and checks the file; an absent one is an empty one.
 * @throws ConfigError naming the file and the key.
 */
export async function readPersonFile(path: string): Promise<PersonFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return {};
    throw new ConfigError(`${path}: cannot be read (${(error as Error).message})`, { cause: error });
  }
  return parsePersonFile(text, path);
}

/** @throws ConfigError naming the file and the key. */
export function parsePersonFile(text: string, path: string): PersonFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${path}: is no JSON (${(error as Error).message.replaceAll('\n', ' ')})`, { cause: error });
  }
  const parsed = PERSON_FILE_SCHEMA.safeParse(json);
  if (!parsed.success) throw new ConfigError(`${path}: ${firstIssue(parsed.error)}`);
  return parsed.data as PersonFile;
}

/** A section of the file, strongest first, with its name for messages. */
export interface NamedSection {
  readonly name: string;
  readonly options: FileOptions;
}

/** The sections that hold for one repository and mode, the strongest first; outside of any, those for all. */
export function sectionsFor(file: PersonFile, repository: string | null, mode: Mode): NamedSection[] {
  const own = repository === null ? undefined : file.repositories?.[repository];
  const ownName = `repositories[${JSON.stringify(repository)}]`;
  return [
    { name: `${ownName}.modes.${mode}`, options: own?.modes?.[mode] },
    { name: ownName, options: own },
    { name: `defaults.modes.${mode}`, options: file.defaults?.modes?.[mode] },
    { name: 'defaults', options: file.defaults },
  ].flatMap(({ name, options }) => (options === undefined ? [] : [{ name, options }]));
}

/** Which part of the file is meant: a repository's or everybody's, of one mode or of all. */
export interface SectionAddress {
  readonly repository: string | null;
  readonly mode: Mode | null;
}

/** The file with some options set in one section; the others stay. */
export function withOptions(file: PersonFile, address: SectionAddress, options: FileOptions): PersonFile {
  const { repository, mode } = address;
  const section = sectionAt(file, address);
  const changed: FileSection =
    mode === null
      ? { ...section, ...options }
      : { ...section, modes: { ...section.modes, [mode]: { ...section.modes?.[mode], ...options } } };
  return repository === null
    ? { ...file, defaults: changed }
    : { ...file, repositories: { ...file.repositories, [repository]: changed } };
}

/** What one section keeps. */
export function keptIn(file: PersonFile, address: SectionAddress): FileOptions {
  const section = sectionAt(file, address);
  if (address.mode !== null) return section.modes?.[address.mode] ?? {};
  const { modes: _, ...options } = section;
  return options;
}

/** The file without some options of one section; sections that are empty then go, too. */
export function withoutOptions(file: PersonFile, address: SectionAddress, keys: readonly OptionKey[]): PersonFile {
  const { repository, mode } = address;
  const section = sectionAt(file, address);
  const left = without(keptIn(file, address), keys);
  const modes = withoutEmpty(mode === null ? section.modes : { ...section.modes, [mode]: left });
  const { modes: _, ...options } = section;
  const changed: FileSection = { ...(mode === null ? left : options), ...(modes && { modes }) };
  const { defaults, repositories, ...rest } = file;
  const sections = {
    defaults: repository === null ? changed : defaults,
    repositories: withoutEmpty(repository === null ? repositories : { ...repositories, [repository]: changed }),
  };
  return { ...rest, ...withoutEmpty(sections) };
}

function sectionAt(file: PersonFile, { repository }: SectionAddress): FileSection {
  return (repository === null ? file.defaults : file.repositories?.[repository]) ?? {};
}

function without(options: FileOptions, keys: readonly OptionKey[]): FileOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key as OptionKey)));
}

/** Undefined where nothing is left. */
function withoutEmpty<Sections extends object>(sections: Sections | undefined): Sections | undefined {
  const full = Object.entries(sections ?? {}).filter(([, section]) => Object.keys(section ?? {}).length > 0);
  return full.length === 0 ? undefined : (Object.fromEntries(full) as Sections);
}

/** @throws FolderError */
export async function writePersonFile(path: string, file: PersonFile): Promise<void> {
  await writeConfigFile(path, `${JSON.stringify(file, null, 2)}\n`);
}

/**
 * Writes a file of the configuration folder as a whole, for its owner only, and makes the folder.
 * @throws FolderError
 */
export async function writeConfigFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  try {
    await makePath(folder);
    await writeAtomically(path, text);
  } catch (error) {
    throw cannot('write', 'configuration', folder, error);
  }
}
