import { expect, test } from 'vitest';
import { BINDINGS } from '../../../../src/tui/keymap/bindings.ts';
import { lineText, lineWidth } from '../../../../src/tui/parts/line.ts';
import { FIRST_UI } from '../../../../src/tui/ui/ui-state.ts';
import { pageLines } from '../../../../src/tui/views/pages/page-lines.ts';
import { Story } from '../../../core/story.ts';
import { modelOf } from '../../model.ts';

const MODEL = modelOf(new Story().starts().state);
const input = (columns: number, wrap = false) => ({
  model: MODEL,
  ui: { ...FIRST_UI, log: { ...FIRST_UI.log, wrap } },
  columns,
  timeZone: 'UTC',
});
const diffOf = (lines: readonly string[]) =>
  ({ kind: 'diff', request: { kind: 'commit', sha: 'abc' }, title: 'commit abc', lines, readAt: null }) as const;

const LINES = [
  'diff --git a/one.ts b/one.ts',
  'index 1..2 100644',
  '--- a/one.ts',
  '+++ b/one.ts',
  '@@ -1,2 +1,2 @@',
  ' kept',
  '-old',
  '--- old rule',
  '+new',
  '+second',
];

test('a diff counts files and lines, and tells them apart', () => {
  const { note, lines } = pageLines(diffOf(LINES), input(80));
  expect(note).toBe('1 file, +2 -1');
  expect(lines.map(([span]) => span?.tone)).toEqual([
    'strong',
    'dim',
    'dim',
    'dim',
    'accent',
    'plain',
    'bad',
    'dim',
    'good',
    'good',
  ]);
});

test.each([20, 60])('long lines of a diff are cut at %i columns, or wrapped', (columns) => {
  const diff = diffOf([`+${'word '.repeat(40)}end`]);
  const cut = pageLines(diff, input(columns)).lines;
  expect(cut).toHaveLength(1);
  expect(cut.map(lineWidth)).toEqual([columns]);
  const wrapped = pageLines(diff, input(columns, true)).lines;
  expect(wrapped.map(lineText).join('')).toBe(diff.lines[0]);
  for (const line of wrapped) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
});

test('a diff is not drawn again for every key', () => {
  const diff = diffOf(LINES);
  expect(pageLines(diff, input(80)).lines).toBe(pageLines(diff, input(80)).lines);
});

test.each([60, 80, 160])('the help has every key, and every reason to its end, at %i columns', (columns) => {
  const { lines } = pageLines({ kind: 'help' }, input(columns));
  for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
  const words = lines.map(lineText).join(' ').replace(/\s+/g, ' ');
  if (columns >= 140) return;
  for (const { label, disabledReason } of BINDINGS) {
    expect(words).toContain(label);
    const reason = disabledReason(input(columns));
    if (reason !== null) expect(words).toContain(`(${reason})`);
  }
});

test('a diff of files that may have changed since says from when it is', () => {
  const read = { ...diffOf([...LINES]), title: 'diff of iteration 1, so far' };
  expect(pageLines({ ...read, readAt: Date.parse('2026-11-21T08:12:30Z') }, input(80)).title).toBe(
    'diff of iteration 1, so far, as of 08:12',
  );
});
