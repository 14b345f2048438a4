// Says when the plan may have changed.
import { basename, dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { PRD_FILE } from './prd.ts';

/** An agent writes a plan in several strokes; what is read in between would look like removed tasks. */
const QUIET_MS = 300;

export interface PlanWatch {
  close(): Promise<void>;
}

/**
 * Calls `changed` when the plan or prd.json was written, made or removed, once things are quiet. The
 * folders are watched and not the files, which editors replace, and nothing below them.
 *
 * @param top real path of the repository's top folder
 * @param planFile path of the plan, relative to it
 */
export function watchPlan(top: string, planFile: string, changed: () => void, quietMs = QUIET_MS): PlanWatch {
  const files = [join(top, planFile), join(top, PRD_FILE)];
  const folders = new Set(files.map((file) => dirname(file)));
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...folders], {
    followSymlinks: false,
    ignoreInitial: true,
    // Of a folder with a hundred thousand files two are looked at, and no folder below. This instead of
    // `depth: 0`, with which chokidar 6 overlooks the files of a folder that went and came back.
    ignored: (path) => !folders.has(path) && !files.includes(path),
  });
  watcher.on('all', (_event, path) => {
    if (!files.some((file) => basename(file) === basename(path))) return;
    clearTimeout(timer);
    timer = setTimeout(changed, quietMs);
  });
  // Out of watches, or no permission: whoever reads the plan at the end of an attempt still sees it.
  watcher.on('error', () => undefined);
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
