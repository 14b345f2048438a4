// In whose name the agent commits: the person's own, from their global configuration.
import { userInfo } from 'node:os';
import { globalConfigEnvironment, trustedPath } from './environment.ts';
import { runGit } from './run-git.ts';

export interface Identity {
  readonly name: string;
  readonly email: string;
  /** False where the global configuration lacks a name or an email, and one was made up. */
  readonly configured: boolean;
}

/**
 * Name and email for GIT_AUTHOR_* and GIT_COMMITTER_*. What the global configuration lacks becomes the
 * login name and `<login>@localhost`.
 *
 * @param person the environment in which the person's home stands
 * @throws GitError
 */
export async function readIdentity(person: NodeJS.ProcessEnv = process.env): Promise<Identity> {
  const call = { environment: globalConfigEnvironment(trustedPath(person.PATH, null), person), folder: '/' };
  const [name, email] = await Promise.all(
    ['user.name', 'user.email'].map(async (key) => {
      const answer = await runGit(['config', '--global', '--includes', '--get', key], call);
      return answer.exitCode === 0 ? answer.stdout.toString('utf8').trim() : '';
    }),
  );
  const login = loginName();
  return { name: name || login, email: email || `${login}@localhost`, configured: Boolean(name && email) };
}

/** A container's user need not have a name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'ralph-tui';
  }
}
