// The person's own file: where it is, reading and writing it. A file in the repository is never asked: the agent can write it.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cannot } from '../core/folder-error.ts';
import type { Mode } from '../core/options.ts';
import { isAbsent } from '../core/system-error.ts';
import { makePath } from '../make-path.ts';
import { ConfigError } from './config-error.ts';
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

/** The sections that hold for one repository and mode, the strongest first. */
export function sectionsFor(file: PersonFile, repository: string, mode: Mode): NamedSection[] {
  const own = file.repositories?.[repository];
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
  const section: FileSection = (repository === null ? file.defaults : file.repositories?.[repository]) ?? {};
  const changed: FileSection =
    mode === null
      ? { ...section, ...options }
      : { ...section, modes: { ...section.modes, [mode]: { ...section.modes?.[mode], ...options } } };
  return repository === null
    ? { ...file, defaults: changed }
    : { ...file, repositories: { ...file.repositories, [repository]: changed } };
}

/** Writes the file in one go, so that nobody ever reads half of it. */
export async function writePersonFile(path: string, file: PersonFile): Promise<void> {
  await inConfigFolder(path, async () => {
    const draft = `${path}.${process.pid}.new`;
    await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, path);
  });
}

/**
 * Makes the folder of a file of ours and writes into it.
 * @throws FolderError
 */
export async function inConfigFolder(path: string, write: () => Promise<void>): Promise<void> {
  const folder = dirname(path);
  try {
    await makePath(folder);
    await write();
  } catch (error) {
    throw cannot('write', 'configuration', folder, error);
  }
}
