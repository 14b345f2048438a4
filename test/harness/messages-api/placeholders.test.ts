import { describe, expect, it } from 'vitest';
import { fillPlaceholders } from './placeholders.ts';

const values = { cwd: '/repo/$&', nowMs: Date.parse('2026-03-01T12:00:00.900Z') };

describe('fillPlaceholders', () => {
  it.each([
    ['{{cwd}}/a.txt', '/repo/$&/a.txt'],
    ['{{now}}', '1772366400'],
    ['at {{now+3600}} or {{now-1}}', 'at 1772370000 or 1772366399'],
    ['{{iso+60}}', '2026-03-01T12:01:00.000Z'],
    ['{{repeat:3:ab}}{{repeat:0:x}}', 'ababab'],
    ['{{unknown}} {cwd}', '{{unknown}} {cwd}'],
  ])('fills %j', (text, filled) => {
    expect(fillPlaceholders(text, values)).toBe(filled);
  });

  it('goes as deep as the value does, and leaves the original alone', () => {
    const step = { tools: [{ name: 'Write', input: { path: '{{cwd}}/x', lines: 3, none: null } }] };
    expect(fillPlaceholders(step, { ...values, cwd: '/r' })).toEqual({
      tools: [{ name: 'Write', input: { path: '/r/x', lines: 3, none: null } }],
    });
    expect(step.tools[0]?.input.path).toBe('{{cwd}}/x');
  });
});
