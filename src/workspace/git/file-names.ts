// Names of files in output that ends each part with a zero (git's -z), and back. They need not be UTF-8.
import { isUtf8 } from 'node:buffer';
import { GitError } from './run-git.ts';

/**
 * The parts of the output as text, for who acts on the files.
 *
 * @throws GitError for a name that is no UTF-8
 */
export function namesIn(output: Buffer): string[] {
  // A name that is read wrongly would be another file's.
  if (!isUtf8(output)) throw new GitError('failed', 'a file name in the repository is not UTF-8; rename or delete it');
  return parts(output, 'utf8');
}

/** The parts byte for byte, as latin1: for who hands them back to git. */
export function rawNamesIn(output: Buffer): string[] {
  return parts(output, 'latin1');
}

/** A raw name for people. */
export function shownName(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}

function parts(output: Buffer, encoding: BufferEncoding): string[] {
  return output.toString(encoding).split('\0').slice(0, -1);
}
