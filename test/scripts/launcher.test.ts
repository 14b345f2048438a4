// The installed command: which Node it takes, and that it hands everything on as it was typed.
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launcherScript } from '../../scripts/launcher.ts';
import { runProgram } from '../harness/process.ts';
import { NODE } from '../harness/project.ts';
import { temporaryFolder } from '../harness/temporary.ts';

/** Says which one it is, and what it was given. */
const node = (name: string, version: string) => `#!/bin/sh
if [ "$*" = --version ]; then echo ${version}; exit; fi
echo ${name}
printf '<%s>\\n' "$@"
exit 7
`;

/** A program's folder with blanks in its name, and a PATH that has nothing but a shell's tools and one folder more. */
class Installation {
  readonly #folder: string;
  readonly launcher: string;
  readonly cli: string;
  readonly #path: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.launcher = join(folder, 'the program', 'dist', 'ralph-tui');
    this.cli = join(folder, 'the program', 'dist', 'cli.js');
    this.#path = join(folder, 'bin');
  }

  static async make({ own, brought }: { readonly own: string | null; readonly brought: string | null }) {
    const made = new Installation(await temporaryFolder());
    const modules = join(made.#folder, 'the program', 'node_modules', '.bin');
    for (const folder of [join(made.launcher, '..'), made.#path, modules]) await mkdir(folder, { recursive: true });
    await writeExecutable(made.launcher, launcherScript('>=22.22'));
    await symlink('/usr/bin/readlink', join(made.#path, 'readlink'));
    if (own !== null) await writeExecutable(join(made.#path, 'node'), node('own', own));
    if (brought !== null) await writeExecutable(join(modules, 'node'), node('brought', brought));
    return made;
  }

  /** Adds a link to the PATH. */
  async link(name: string, target: string): Promise<void> {
    await symlink(target, join(this.#path, name));
  }

  run(command: readonly string[]) {
    return runProgram(command, { cwd: this.#folder, env: { PATH: this.#path, CDPATH: '/' } });
  }
}

async function writeExecutable(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

test.each([
  { own: 'v22.22.0', brought: 'v24.21.0', taken: 'own' },
  { own: 'v23.0.0', brought: 'v24.21.0', taken: 'own' },
  { own: 'v100.1.0-nightly', brought: null, taken: 'own' },
  { own: 'v22.21.9', brought: 'v24.21.0', taken: 'brought' },
  { own: 'v20.20.2', brought: 'v24.21.0', taken: 'brought' },
  { own: 'nonsense', brought: 'v24.21.0', taken: 'brought' },
  { own: null, brought: 'v22.22.0', taken: 'brought' },
  // The program itself refuses then, and says what helps.
  { own: 'v20.20.2', brought: null, taken: 'own' },
  { own: 'v20.20.2', brought: 'v22.1.0', taken: 'own' },
])('of the own Node $own and $brought from npm ci: $taken', async ({ taken, ...given }) => {
  const installation = await Installation.make(given);
  const typed = ['20', '--env-file', '/nowhere', '--version', '', 'two words', '$HOME', '--', '-p'];
  const { stdout, exitCode } = await installation.run([installation.launcher, ...typed]);
  const got = ['--', installation.cli, ...typed].map((word) => `<${word}>`);
  expect(stdout.trimEnd().split('\n')).toEqual([taken, ...got]);
  expect(exitCode).toBe(7);
});

test('is found through links, relative and absolute, and as a script that a shell reads', async () => {
  const installation = await Installation.make({ own: 'v24.0.0', brought: null });
  await installation.link('ralph-tui', 'other name');
  await installation.link('other name', installation.launcher);
  await installation.link('relative', '../the program/dist/ralph-tui');
  const commands = [['ralph-tui'], ['bin/ralph-tui'], ['relative'], ['/bin/sh', 'the program/dist/ralph-tui']];
  for (const command of commands) {
    const { stdout, stderr } = await installation.run(command);
    expect({ stdout, stderr }).toEqual({ stdout: `own\n<-->\n<${installation.cli}>\n`, stderr: '' });
  }
});

test('the real Node leaves every option to the program', async () => {
  const installation = await Installation.make({ own: null, brought: null });
  await installation.link('node', NODE);
  await writeFile(installation.cli, 'console.log(JSON.stringify(process.argv.slice(1)))');
  const typed = ['--env-file', '/nowhere', '--inspect', '-e', '1', '--', '--help'];
  const { stdout, stderr } = await installation.run([installation.launcher, ...typed]);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([installation.cli, ...typed]);
});

test('without any Node it says what to do', async () => {
  const installation = await Installation.make({ own: null, brought: null });
  expect(await installation.run([installation.launcher, '--help'])).toEqual({
    stdout: '',
    stderr:
      'ralph-tui needs Node 22.22 or newer, and finds none. Install it (nodejs.org, or your package manager) and run it again.\n',
    exitCode: 2,
    signal: null,
  });
});
