// Temporary folders and real git repositories for the tests of src/workspace.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own that takes itself away. */
export class Scratch implements Disposable {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'ralph-tui-test-')));

  at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Writes a file, with the folders that lead to it. */
  write(path: string, content: string | Uint8Array = '', mode = 0o644): string {
    const full = this.at(path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content, { mode });
    return full;
  }

  folder(path: string): string {
    const full = this.at(path);
    mkdirSync(full, { recursive: true });
    return full;
  }

  exists(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** Runs git in a folder of the scratch, with its own home; answers the output without line end. */
  git(folder: string, ...argv: string[]): string {
    mkdirSync(this.at('home'), { recursive: true });
    const output = execFileSync('git', argv, {
      cwd: this.at(folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.at('home'),
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'A Tester',
        GIT_AUTHOR_EMAIL: 'tester@example.org',
        GIT_COMMITTER_NAME: 'A Tester',
        GIT_COMMITTER_EMAIL: 'tester@example.org',
      },
    });
    return output.replace(/\n$/, '');
  }

  /** A repository on branch `work`, without any commit; answers its real path. */
  repository(name = 'repository'): string {
    const path = this.folder(name);
    this.git(name, 'init', '--quiet', '--initial-branch=work');
    return path;
  }

  /** Writes files in a repository and commits all there is; answers the commit. */
  commit(name: string, files: Readonly<Record<string, string>>, subject = 'change'): string {
    for (const [path, content] of Object.entries(files)) this.write(`${name}/${path}`, content);
    this.git(name, 'add', '--all');
    this.git(name, 'commit', '--quiet', '--allow-empty', '--message', subject);
    return this.git(name, 'rev-parse', 'HEAD');
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
