// Looks at the workspace while an attempt runs: at once when the plan changes, and once a second at HEAD.
import { readHead } from '../workspace/head.ts';
import type { Repository } from '../workspace/locate.ts';
import { watchPlan } from '../workspace/watch-plan.ts';
import type { WorkspaceFacts } from './workspace-facts.ts';

const HEAD_POLL_MS = 1_000;

/** Looks whenever something may have changed; changes come out of `facts` as events. */
export function watchWorkspace(
  repository: Repository,
  planFile: string,
  facts: WorkspaceFacts,
): { close(): Promise<void> } {
  // What a look finds is dispatched; that it failed (a file vanished under it) shows in the next one.
  const look = () => void facts.look().catch(() => undefined);
  let lastHead: string | null = null;
  const poll = setInterval(async () => {
    const head = await readHead(repository).catch(() => null);
    if (head?.ok !== true || head.sha === null || head.sha === lastHead) return;
    lastHead = head.sha;
    look();
  }, HEAD_POLL_MS);
  const watch = watchPlan(repository.top, planFile, look);
  return {
    close: async () => {
      clearInterval(poll);
      await watch.close();
    },
  };
}
