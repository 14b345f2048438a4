// What git says about changed files, as data.

export type ChangeStatus = 'added' | 'modified' | 'deleted' | 'type_changed' | 'untracked';

export interface FileChange {
  /** Relative to the top folder; hostile until sanitized. */
  readonly path: string;
  readonly status: ChangeStatus;
  /** Lines; null for a binary file, or where nobody counted. */
  readonly added: number | null;
  readonly removed: number | null;
}

const STATUS_OF_LETTER: Readonly<Record<string, ChangeStatus>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  T: 'type_changed',
};

/**
 * Reads the output of `git diff --raw --numstat -z --no-renames`: first a header and a path for every
 * file, then `added TAB removed TAB path` for every file (git-diff(1), "Raw output format").
 */
export function parseRawNumstat(output: Buffer): FileChange[] {
  const parts = output.toString('utf8').split('\0');
  const changes = new Map<string, FileChange>();
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? '';
    if (part.startsWith(':')) {
      at += 1;
      const path = parts[at] ?? '';
      const status = STATUS_OF_LETTER[part.split(' ')[4]?.[0] ?? ''] ?? 'modified';
      changes.set(path, { path, status, added: null, removed: null });
      continue;
    }
    const counts = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(part);
    const change = changes.get(counts?.[3] ?? '');
    if (counts === null || change === undefined) continue;
    changes.set(change.path, { ...change, added: toCount(counts[1]), removed: toCount(counts[2]) });
  }
  return [...changes.values()];
}

function toCount(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text);
}
