// Tags that came up during a run.
import { askGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';

export interface Tag {
  /** Below refs/tags. */
  readonly name: string;
  /** Object name: of the tag object, for an annotated one. */
  readonly sha: string;
}

/** Those of `after` that were not there before. A tag that was moved is not new: only a force would push it. */
export function newTags(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Tag[] {
  return [...after].filter(([name]) => !before.has(name)).map(([name, sha]) => ({ name, sha }));
}

/**
 * The names of the tags that lead to the commit `sha`, annotated or not.
 *
 * @param tags as `listTags` answered them
 * @throws GitError
 */
export async function tagsPointingAt(
  shadow: Shadow,
  tags: ReadonlyMap<string, string>,
  sha: string,
): Promise<string[]> {
  if (tags.size === 0) return [];
  await refreshShadow(shadow);
  const names = [...tags.keys()];
  const input = Buffer.from(names.map((name) => `${tags.get(name)}^{commit}\n`).join(''));
  const output = await askGit(['cat-file', '--batch-check=%(objectname)'], { ...shadowCall(shadow), input });
  const commits = output.toString('utf8').split('\n');
  return names.filter((_name, at) => commits[at] === sha);
}
