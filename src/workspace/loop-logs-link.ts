// `.loop-logs` in the repository: a link to the newest run, for people who look at the files.
import type { Repository } from './locate.ts';
import { ensureLineInside, replaceLinkInside } from './safe-write.ts';

export const LOOP_LOGS = '.loop-logs';
/** In info/exclude; without a trailing slash, which would not match a link (facts/sandbox.md 6). */
export const LOOP_LOGS_PATTERN = `/${LOOP_LOGS}`;

export type LoopLogsLink = { readonly state: 'linked' } | { readonly state: 'left_alone'; readonly why: string };

/**
 * Points `.loop-logs` to a run's folder, and keeps it out of commits by a line in the common
 * directory's info/exclude. A folder or file of that name is somebody's own and stays; without the
 * line there is no link either, or the agent's `git add -A` would commit it.
 */
export async function linkLoopLogs(repository: Repository, runFolder: string): Promise<LoopLogsLink> {
  const { top, commonDir, owner } = repository;
  const excluded = await ensureLineInside(commonDir, 'info/exclude', LOOP_LOGS_PATTERN, owner);
  if (!excluded.ok) return { state: 'left_alone', why: `no ${LOOP_LOGS} link: ${excluded.why}` };
  const linked = await replaceLinkInside(top, LOOP_LOGS, runFolder, owner);
  return linked.ok ? { state: 'linked' } : { state: 'left_alone', why: `no ${LOOP_LOGS} link: ${linked.why}` };
}
