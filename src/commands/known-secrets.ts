// What a run hands to its agent in confidence, as far as this shell knows it: never printed by a command.
import type { RepositoryFolders } from '../journal/folders.ts';
import { loadLogin, secretValues } from '../supervisor/agent-login.ts';
import { createRedactor, type Redactor, redactKeys } from '../text/redact.ts';
import { stateOf } from '../viewer/find-run.ts';

/** Takes out the values of the login, --env and --env-file; in a shell without them, what looks like a key. */
export async function redactorFor(
  environment: NodeJS.ProcessEnv,
  folders: RepositoryFolders,
  run: string,
): Promise<Redactor> {
  const state = await stateOf(folders, run);
  const login = state === null ? null : await loadLogin(state.options, environment).catch(() => null);
  return login === null ? redactKeys : createRedactor(secretValues(login));
}
