// Pushes what an attempt committed: from the shadow, by sha, with the tags that came up during the run.
import { push } from '../workspace/git/push.ts';
import { newTags } from '../workspace/git/tags.ts';
import { listTags } from '../workspace/refs.ts';
import type { SupervisorContext } from './context.ts';

export class Pusher {
  readonly #context: SupervisorContext;
  /** Tags that are no news: they were there before the agent ran, or are pushed already. */
  #known: ReadonlyMap<string, string>;
  readonly #url: string;

  private constructor(context: SupervisorContext, url: string, known: ReadonlyMap<string, string>) {
    this.#context = context;
    this.#url = url;
    this.#known = known;
  }

  /** @param url remembered before the agent ran. */
  static async open(context: SupervisorContext, url: string): Promise<Pusher> {
    return new Pusher(context, url, await listTags(context.repository.commonDir));
  }

  async push(branch: string, head: string): Promise<void> {
    const { shadow, repository, environment } = this.#context;
    const tags = await listTags(repository.commonDir);
    const result = await push(
      shadow,
      { sha: head, branch, url: this.#url, tags: newTags(this.#known, tags) },
      environment,
    );
    if (result.ok) this.#known = tags;
    this.#context.dispatch({ type: 'pushed', branch, head, ok: result.ok, message: result.message });
  }
}
