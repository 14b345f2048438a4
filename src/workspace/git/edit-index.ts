// Changes entries of an index without looking at files (git-update-index(1), --index-info).
import { NO_SHA } from '../refs.ts';
import { askGit, type GitCall } from './run-git.ts';

/**
 * @param lines as `ls-tree` has them
 * @param encoding `latin1` where names are raw
 * @throws GitError
 */
export async function editIndex(
  call: GitCall,
  lines: readonly string[],
  encoding: BufferEncoding = 'utf8',
): Promise<void> {
  if (lines.length === 0) return;
  const input = Buffer.from(lines.map((line) => `${line}\0`).join(''), encoding);
  await askGit(['update-index', '-z', '--index-info'], { ...call, input });
}

/** The line that takes a name out; fine where it is not there. */
export function removal(name: string): string {
  return `0 ${NO_SHA}\t${name}`;
}
