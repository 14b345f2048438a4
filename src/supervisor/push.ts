// Pushes what an attempt committed: from the shadow, by sha, with the tags that came up during the run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PushTarget } from '../core/events.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { push } from '../workspace/git/push.ts';
import { recordPush } from '../workspace/git/record-push.ts';
import { newTags } from '../workspace/git/tags.ts';
import { listTags } from '../workspace/refs.ts';
import type { SupervisorContext } from './context.ts';

/** In the run's folder: which tags are no news, for a supervisor that takes the run up. */
const KNOWN_TAGS_FILE = 'known-tags.json';

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

  /**
   * @param target remembered before the agent ran; its URL may hold a password here
   * @param isNewRun whether the tags that are there now were there before the agent ran
   */
  static async open(context: SupervisorContext, target: PushTarget, isNewRun: boolean): Promise<Pusher> {
    const remembered = isNewRun ? null : await readTags(context);
    const pusher = new Pusher(context, target, remembered ?? (await listTags(context.repository.commonDir)));
    await pusher.#remember(pusher.#known);
    return pusher;
  }

  async push(branch: string, head: string): Promise<void> {
    const { shadow, repository, environment } = this.#context;
    const { remote, url } = this.#target;
    const tags = await listTags(repository.commonDir);
    const result = await push(shadow, { sha: head, branch, url, tags: newTags(this.#known, tags) }, environment);
    if (result.ok) {
      await this.#remember(tags);
      const recorded = await recordPush(repository, { remote, branch, sha: head });
      if (!recorded.ok) this.#context.say(`pushed, but ${branch} has no upstream yet: ${recorded.why}`);
    }
    this.#context.dispatch({ type: 'pushed', branch, head, ok: result.ok, message: result.message });
  }

  async #remember(tags: ReadonlyMap<string, string>): Promise<void> {
    this.#known = tags;
    // Without it a tag may be left out after a recovery; no reason to stop.
    await writeAtomically(fileIn(this.#context), `${JSON.stringify([...tags])}\n`).catch(() => undefined);
  }
}

async function readTags(context: SupervisorContext): Promise<ReadonlyMap<string, string> | null> {
  try {
    return new Map(JSON.parse(await readFile(fileIn(context), 'utf8')) as [string, string][]);
  } catch {
    return null;
  }
}

function fileIn({ files }: SupervisorContext): string {
  return join(files.folder, KNOWN_TAGS_FILE);
}
