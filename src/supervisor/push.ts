// Pushes what an attempt committed: from the shadow, by sha, with the tags that came up during the run.
import type { PushTarget } from '../core/events.ts';
import { push } from '../workspace/git/push.ts';
import { recordPush } from '../workspace/git/record-push.ts';
import { newTags } from '../workspace/git/tags.ts';
import { listTags } from '../workspace/refs.ts';
import type { SupervisorContext } from './context.ts';

export class Pusher {
  readonly #context: SupervisorContext;
  readonly #target: PushTarget;
  /** Tags that are no news: they were there before the agent ran, or are pushed already. */
  #known: ReadonlyMap<string, string>;

  private constructor(context: SupervisorContext, target: PushTarget, known: ReadonlyMap<string, string>) {
    this.#context = context;
    this.#target = target;
    this.#known = known;
  }

  /** @param target remembered before the agent ran; its URL may hold a password here. */
  static async open(context: SupervisorContext, target: PushTarget): Promise<Pusher> {
    return new Pusher(context, target, await listTags(context.repository.commonDir));
  }

  async push(branch: string, head: string): Promise<void> {
    const { shadow, repository, environment } = this.#context;
    const { remote, url } = this.#target;
    const tags = await listTags(repository.commonDir);
    const result = await push(shadow, { sha: head, branch, url, tags: newTags(this.#known, tags) }, environment);
    if (result.ok) {
      this.#known = tags;
      const recorded = await recordPush(repository, { remote, branch, sha: head });
      if (!recorded.ok) this.#context.say(`pushed, but ${branch} has no upstream yet: ${recorded.why}`);
    }
    this.#context.dispatch({ type: 'pushed', branch, head, ok: result.ok, message: result.message });
  }
}
