// Where everything of a run lies (design, section 3, Folders). Pure: nothing here touches the disk.
import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';
import { type AttemptRef, attemptName } from '../core/attempt-ref.ts';

const APPLICATION = 'ralph-tui';

type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_STATE_HOME/ralph-tui`, else `~/.local/state/ralph-tui`. A relative XDG_STATE_HOME is ignored (XDG base directories). */
export function stateRoot(environment: Environment, homeFolder: string): string {
  const configured = environment.XDG_STATE_HOME;
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(homeFolder, '.local', 'state');
  return join(base, APPLICATION);
}

/** `<repository name>-<hash of its real path>`: names a repository in folders, labels and volumes (`[A-Za-z0-9._-]`). */
export function repositoryKey(realPath: string): string {
  const name = basename(realPath)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 40);
  return `${name === '' ? 'repository' : name}-${shortHash(realPath, 10)}`;
}

/** First hexadecimal digits of the text's SHA-256. */
export function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** What belongs to one repository; none of it is ever mounted but parts of `exchange`. */
export interface RepositoryFolders {
  readonly key: string;
  readonly root: string;
  readonly runs: string;
  readonly exchange: string;
  /** Our own git directory for looking at the repository. */
  readonly shadowGit: string;
  readonly lock: string;
}

export function repositoryFolders(stateRootPath: string, key: string): RepositoryFolders {
  const root = join(stateRootPath, key);
  return {
    key,
    root,
    runs: join(root, 'runs'),
    exchange: join(root, 'exchange'),
    shadowGit: join(root, 'shadow.git'),
    lock: join(root, 'lock'),
  };
}

/** The files of a run that belong to no single attempt. */
export interface RunFiles {
  readonly folder: string;
  readonly journal: string;
  readonly mainLog: string;
  readonly supervisorLog: string;
}

export function runFiles(folders: RepositoryFolders, run: string): RunFiles {
  const folder = join(folders.runs, run);
  return {
    folder,
    journal: join(folder, 'events.ndjson'),
    mainLog: join(folder, 'loop-main.log'),
    supervisorLog: join(folder, 'supervisor.log'),
  };
}

/** The files of one attempt. */
export interface AttemptFiles {
  /** The agent's stdout byte for byte. */
  readonly raw: string;
  /** The same for people, redacted. */
  readonly log: string;
  readonly stderr: string;
  readonly vitals: string;
  readonly digest: string;
}

export type AttemptFileKind = keyof AttemptFiles;

/** @param runFolder the run's folder, or a link to it. */
export function attemptFiles(runFolder: string, ref: AttemptRef): AttemptFiles {
  const path = (name: string, extension: string) => join(runFolder, `${name}-${attemptName(ref)}${extension}`);
  return {
    raw: path('iteration', '.log.raw'),
    log: path('iteration', '.log'),
    stderr: path('iteration', '.err'),
    vitals: path('vitals', '.ndjson'),
    digest: path('iteration', '.digest.json'),
  };
}

const KIND_BY_ENDING: ReadonlyMap<string, AttemptFileKind> = new Map([
  ['iteration.log.raw', 'raw'],
  ['iteration.log', 'log'],
  ['iteration.err', 'stderr'],
  ['vitals.ndjson', 'vitals'],
  ['iteration.digest.json', 'digest'],
]);

/** Which attempt's file a name is; null when it is none. The inverse of `attemptFiles`. */
export function parseAttemptFile(name: string): (AttemptRef & { readonly kind: AttemptFileKind }) | null {
  const match = /^(iteration|vitals)-([1-9]\d{0,8})(?:\.([1-9]\d{0,8}))?(\.[a-z][a-z.]*)$/.exec(name);
  const [, stem, iteration, attempt = '1', ending] = match ?? [];
  const kind = KIND_BY_ENDING.get(`${stem}${ending}`);
  // The first attempt carries no number: `iteration-7.1.log` is nobody's.
  if (kind === undefined || match?.[3] === '1') return null;
  return { iteration: Number(iteration), attempt: Number(attempt), kind };
}

/** What one attempt shares with its sandbox. */
export interface ExchangeFolders {
  readonly folder: string;
  /** Writable inside, so hostile when read. */
  readonly agent: string;
  /** Read-only inside: notes to the agent. */
  readonly inbox: string;
}

export function exchangeFolders(folders: RepositoryFolders, run: string, ref: AttemptRef): ExchangeFolders {
  const folder = join(folders.exchange, run, `${ref.iteration}.${ref.attempt}`);
  return { folder, agent: join(folder, 'agent'), inbox: join(folder, 'inbox') };
}

/** Bytes that fit into a socket's address (unix(7): 108 with the ending zero; 104 on macOS). */
const SOCKET_PATH_LIMIT_BYTES = process.platform === 'darwin' ? 103 : 107;

/**
 * Paths that the control socket may have, best first; those that are too long to listen on are left out. The name
 * depends on the state folder, too, so that two state folders never share a socket.
 */
export function socketCandidates(
  folders: RepositoryFolders,
  environment: Environment,
  temporaryFolder: string,
  uid: number,
): string[] {
  const name = `${shortHash(folders.root, 16)}.sock`;
  const runtime = environment.XDG_RUNTIME_DIR;
  const homes = [join(temporaryFolder, `${APPLICATION}-${uid}`), join('/tmp', `${APPLICATION}-${uid}`)];
  if (runtime !== undefined && isAbsolute(runtime)) homes.unshift(join(runtime, APPLICATION));
  const paths = homes.map((home) => join(home, name));
  return [...new Set(paths)].filter((path) => Buffer.byteLength(path) <= SOCKET_PATH_LIMIT_BYTES);
}
