import { expect, test } from 'vitest';
import { asciiSigns } from '../../src/text/glyphs.ts';
import { displayWidth } from '../../src/text/width.ts';

test('the program’s own signs become ASCII, cell for cell, and nothing else changes', () => {
  const text = '▶ RUNNING · ✓ 1 → ≈$0.10 … ─━\nsrc/größe/日本.ts — “x”\x1b[H';
  const shown = asciiSigns(text);
  expect(shown).toBe('> RUNNING - + 1 > ~$0.10 ~ -=\nsrc/größe/日本.ts — "x"\x1b[H');
  expect(displayWidth(shown)).toBe(displayWidth(text));
});
