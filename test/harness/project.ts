// Where the project itself is, wherever it was cloned to, and the Node that it brings.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT_ROOT = join(import.meta.dirname, '../..');

/** The Node of `npm ci`: the machine's own may be too old. */
export const NODE = bundledNode();

function bundledNode(): string {
  const path = join(PROJECT_ROOT, 'node_modules/.bin/node');
  return existsSync(path) ? path : process.execPath;
}
