// Our viewer, as a person starts it in a repository.
import { join } from 'node:path';
import { NODE, PROJECT_ROOT } from '../../../test/harness/project.ts';
import type { Key, Program } from './measures.ts';

const CLI = process.env.RALPH_TEST_CLI ?? join(PROJECT_ROOT, 'dist/cli.js');

export const VIEWER: Program = { argv: [NODE, CLI], firstFrame: / quit\b/ };
/** Help and back, which is the whole screen twice. */
export const VIEWER_KEYS: readonly Key[] = [
  { key: '?', paints: 'Moving' },
  { key: '?', paints: '5 agent log' },
];
