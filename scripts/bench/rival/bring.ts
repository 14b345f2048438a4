// Brings the rival, subsy's ralph-tui with the Bun that it needs, from npm into a cache folder of the benches' own.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { runProgram } from '../../../test/harness/process.ts';

export const RIVAL_VERSION = '0.11.0';
const BUN_VERSION = '1.4.5';
/** By `process.arch`. */
const BUN_PACKAGES: Readonly<Record<string, string>> = {
  x64: '@oven/bun-linux-x64-baseline',
  arm64: '@oven/bun-linux-aarch64',
};
/** What paints its screen: it asks for a range, and figures of two machines are to be of the same program. */
const PAINTS_WITH = { '@opentui/core': '0.1.107', '@opentui/react': '0.1.107', react: '19.3.1' } as const;
/** Where there is no way to the registry, npm goes on for minutes by itself. */
const SAYS_SOON = ['--prefer-offline', '--fetch-retries', '1', '--fetch-retry-mintimeout', '1000'];
const INSTALL_MS = 300_000;

/** What is known of the machine. */
export interface Machine {
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Brought = { readonly argv: readonly string[] } | { readonly lacking: string };

const THIS_MACHINE: Machine = { platform: process.platform, arch: process.arch, environment: process.env };

/** Installs it where it was never installed. Its command line, or what the machine lacks, in words. */
export async function bringRival({ platform, arch, environment }: Machine = THIS_MACHINE): Promise<Brought> {
  const bunPackage = BUN_PACKAGES[arch];
  if (platform !== 'linux' || bunPackage === undefined) return { lacking: 'Linux on x64 or arm64' };
  const folder = join(cacheFolder(environment), `ralph-tui-${RIVAL_VERSION}-bun-${BUN_VERSION}-${arch}`);
  const dependencies = { 'ralph-tui': RIVAL_VERSION, [bunPackage]: BUN_VERSION, ...PAINTS_WITH };
  const failure = existsSync(folder) ? null : await install(folder, dependencies, environment);
  if (failure !== null) return { lacking: `ralph-tui ${RIVAL_VERSION} of npm (${failure})` };
  const bun = join(folder, 'node_modules', bunPackage, 'bin/bun');
  const { exitCode } = await runProgram([bun, '--version'], { cwd: folder, env: {} });
  if (exitCode !== 0) return { lacking: `what ${bunPackage} ${BUN_VERSION} needs to start` };
  return { argv: [bun, join(folder, 'node_modules/ralph-tui/dist/cli.js')] };
}

/** `$XDG_CACHE_HOME/ralph-tui-bench`, else `~/.cache/ralph-tui-bench`. */
function cacheFolder(environment: Machine['environment']): string {
  const configured = environment.XDG_CACHE_HOME;
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.cache');
  return join(base, 'ralph-tui-bench');
}

/** Whole or not at all: null, or npm's word on why not. */
async function install(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  environment: Machine['environment'],
): Promise<string | null> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  await writeFile(join(part, 'package.json'), JSON.stringify({ private: true, dependencies }));
  console.error(`npm brings ralph-tui ${RIVAL_VERSION} and Bun ${BUN_VERSION} into ${dirname(folder)}, about 300 MB`);
  // Nothing of it has to be built, and nobody has read what its packages would run.
  const argv = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error', ...SAYS_SOON];
  const { exitCode, stderr } = await runProgram(argv, {
    cwd: part,
    env: ofNobodysProject(environment),
    timeoutMs: INSTALL_MS,
  });
  if (exitCode !== 0) {
    await rm(part, { recursive: true, force: true });
    return stderr.split('\n').find(Boolean) ?? `npm ended with ${exitCode}`;
  }
  await rename(part, folder);
  return null;
}

/** Without what the npm that runs the bench tells its scripts: the installation is none of this project's. */
function ofNobodysProject(environment: Machine['environment']): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || /^npm_(config_local_prefix|package_|lifecycle_)/.test(name) ? [] : [[name, value]],
  );
  return Object.fromEntries(entries);
}
