// The environment of a program under test: nothing of the person who runs the tests, and a made-up key.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FOLDER_VARIABLE } from './leftovers.ts';
import { PROJECT_ROOT } from './project.ts';

export const MADE_UP_API_KEY = 'sk-ant-made-up-for-tests';

export interface IsolatedEnvironment extends Record<string, string> {
  HOME: string;
  PATH: string;
  XDG_STATE_HOME: string;
  XDG_RUNTIME_DIR: string;
  XDG_CONFIG_HOME: string;
  XDG_CACHE_HOME: string;
  ANTHROPIC_API_KEY: string;
}

/**
 * Makes home and XDG folders in `folder` (a temporary one) and returns the variables that lead there, complete:
 * start programs with these and nothing else (`extendEnv: false`). git has an identity and no system configuration.
 * `extra` is added on top.
 */
export async function isolatedEnvironment(
  folder: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<IsolatedEnvironment> {
  const home = join(folder, 'home');
  const folders = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  };
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true, mode: 0o700 });
  await writeFile(join(home, '.gitconfig'), GIT_CONFIG);
  return {
    ...inherited(['DOCKER_HOST', 'CI', ...Object.keys(process.env).filter((name) => name.startsWith('RALPH_TEST_'))]),
    ...folders,
    PATH: [join(PROJECT_ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    ANTHROPIC_API_KEY: MADE_UP_API_KEY,
    [FOLDER_VARIABLE]: folder,
    ...extra,
  };
}

const GIT_CONFIG = `[user]
	name = Test Person
	email = test@example.invalid
[init]
	defaultBranch = main
[advice]
	detachedHead = false
`;

function inherited(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
