// Ends what a test has left running: detached supervisors, agents of the host sandbox and their children, containers.
// Everything is found by the test's own folder, so nobody else's processes are touched.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { execa } from 'execa';
import { waitFor } from './wait-for.ts';

/** The variable by which processes are found that have inherited an isolated environment. */
export const FOLDER_VARIABLE = 'RALPH_TEST_FOLDER';

/** Kills, by pid, every process that works in the folder or has inherited its environment. Resolves when none is left. */
export async function endProcessesIn(folder: string): Promise<void> {
  await waitFor(
    async () => {
      const pids = await processesIn(folder);
      for (const pid of pids) endProcess(pid);
      return pids.length === 0;
    },
    { what: `the processes of ${folder} to end`, detail: async () => `still there: ${await processesIn(folder)}` },
  );
}

/** Pids of the living processes of a test's folder, without this one. */
export async function processesIn(folder: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const belongs = await Promise.all(pids.map(async (pid) => pid !== process.pid && (await belongsTo(pid, folder))));
  return pids.filter((_, index) => belongs[index]);
}

async function belongsTo(pid: number, folder: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  if (environment.split('\0').includes(`${FOLDER_VARIABLE}=${folder}`)) return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return cwd === folder || cwd.startsWith(`${folder}/`);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Removes the containers, running or not, that have something of the folder mounted. Needs the `docker` command. */
export async function removeContainersOf(folder: string): Promise<void> {
  const docker = (args: readonly string[]) => execa('docker', args, { reject: false, timeout: 60_000 });
  const all = (await docker(['ps', '--all', '--quiet', '--no-trunc'])).stdout.split('\n').filter(Boolean);
  if (all.length === 0) return;
  // Containers that go away meanwhile make the exit code 1; the others are listed all the same.
  const format = '{{.Id}}{{range .Mounts}}\t{{.Source}}{{end}}';
  const listed = (await docker(['inspect', '--type', 'container', '--format', format, ...all])).stdout.split('\n');
  const ours = listed.flatMap((line) => {
    const [id, ...sources] = line.split('\t');
    return id && sources.some((source) => source === folder || source.startsWith(`${folder}/`)) ? [id] : [];
  });
  if (ours.length > 0) await docker(['rm', '--force', '--volumes', ...ours]);
}
