// What a supervisor is asked to do: by the launcher, over IPC, or by --headless in the same process.
import type { RunOptions } from '../core/options.ts';
import type { Policy } from '../core/policy.ts';
import type { RepositoryFolders } from '../journal/folders.ts';
import type { Repository } from '../workspace/locate.ts';

/** What a new run begins with. */
export interface RunRequest {
  readonly options: RunOptions;
  /** The flags that were typed, each with its value, quoted for a shell. */
  readonly typed: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly headless: boolean;
  /** Where notices go, null for nowhere. It may hold a secret, so it stands in no journal. */
  readonly notify: string | null;
}

export interface SuperviseRequest {
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
  /** Label namespace of the sandboxes. */
  readonly namespace: string;
  readonly run: string;
  /** Null to take up the run that the journal tells of. */
  readonly begin: RunRequest | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly policy: Policy;
  /** Told every line of loop-main.log as it is written; null where nobody listens. */
  readonly onLine: ((line: string) => void) | null;
}
