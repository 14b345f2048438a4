import { expect, test } from 'vitest';
import { optionsMarkdown } from '../../src/config/option-docs.ts';
import { OPTION_KEYS, OPTION_TABLE } from '../../src/config/option-table.ts';

test('the table has a row an option, but for those of tests', () => {
  const lines = optionsMarkdown().split('\n');
  const visible = OPTION_KEYS.filter((key) => !OPTION_TABLE[key].hidden);
  expect(lines).toHaveLength(visible.length + 2);
  expect(lines).toContain('| `--pids <number>` | `PIDS_LIMIT` | `pids` | 512 | processes in the sandbox |');
  expect(optionsMarkdown()).not.toContain('--agent');
});

test('every default is one that the option itself would take', () => {
  for (const key of OPTION_KEYS) {
    const definition = OPTION_TABLE[key];
    const value = definition.default({ mode: 'build', engineMemoryBytes: null }) as never;
    expect(definition.show(value), key).not.toBe('');
  }
});
