import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/text/redact.ts';
import { sanitize } from '../../src/text/sanitize.ts';

/** Everything that must never reach a screen; \n is looked at apart. */
const FORBIDDEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}]/u;

describe('sanitize', () => {
  it.each([
    ['plain text', 'npm test -- auth', 'npm test -- auth'],
    ['other alphabets', 'Grüße, 世界, Ελλάδα, עברית', 'Grüße, 世界, Ελλάδα, עברית'],
    ['line ends', 'a\nb\r\nc', 'a\nb\nc'],
    ['colours', '\x1b[31mred\x1b[0m \x1b[38;5;196mtoo\x1b[m', 'red too'],
    ['cursor movements', 'a\x1b[2Jb\x1b[1;1Hc\x1b[?25ld', 'abcd'],
    ['a title', '\x1b]0;owned\x07after', 'after'],
    ['a title ended by ST', '\x1b]2;owned\x1b\\after', 'after'],
    ['a link', '\x1b]8;;http://example.org\x07text\x1b]8;;\x07', 'text'],
    ['a clipboard write', '\x1b]52;c;ZXZpbA==\x07ok', 'ok'],
    ['an 8-bit clipboard write', '\x9d52;c;ZXZpbA==\x9cok', 'ok'],
    ['an 8-bit CSI', 'a\x9b31mb', 'ab'],
    ['a DCS', '\x1bP1$r0m\x1b\\ok', 'ok'],
    ['an APC', '\x1b_Gf=24;AAAA\x1b\\ok', 'ok'],
    ['a PM and an SOS', '\x1b^x\x1b\\\x1bXy\x1b\\ok', 'ok'],
    ["screen's title", '\x1bkowned\x1b\\ok', 'ok'],
    ['a tmux passthrough', '\x1bPtmux;\x1b\x1b]52;c;ZXZpbA==\x07\x1b\\ok', 'ok'],
    ['an unended OSC', 'a\x1b]52;c;ZXZp\nnext', 'a\nnext'],
    ['an unended 8-bit OSC keeps what follows', 'a\x9dquoted\nnext', 'aquoted\nnext'],
    ['an unended CSI', 'a\x1b[31', 'a'],
    ['a CSI cut by a line end', 'a\x1b[3\nb', 'a\nb'],
    ['a lone ESC', 'a\x1b', 'a'],
    ['two ESC', 'a\x1b\x1b[31mb', 'ab'],
    ['a reset', 'a\x1bcb', 'ab'],
    ['a character set', 'a\x1b(0b', 'ab'],
    ['a carriage return that overwrites', 'evil\rgood', 'evil\ngood'],
    ['a backspace', 'ab\bc', 'ab␈c'],
    ['NUL, BEL, SO, SI, DEL', '\0\x07\x0e\x0f\x7f', '␀␇␎␏␡'],
    ['vertical tab and form feed', 'a\vb\fc', 'a␋b␌c'],
    ['C1 controls', 'a\x84b\x85c', 'a\ufffdb\ufffdc'],
    ['line and paragraph separator', 'a\u2028b\u2029c', 'a↵b↵c'],
    ['bidi overrides', 'if (x) {\u202e } \u2066// admin\u2069', 'if (x) {\ufffd } \ufffd// admin\ufffd'],
    ['direction marks', 'a\u200eb\u200fc\u061cd', 'abcd'],
    ['zero width characters', 'a\u200bb\u2060c\ufeffd\u00ade', 'abcde'],
    ['joined emoji and skin tones', '🧑🏽‍🚀', '🧑🚀'],
    ['variation selectors and keycaps', '❤️ 1️⃣', '❤ 1'],
    ['tags', `🏴${'\u{e0067}\u{e007f}'}`, '🏴'],
    ['piled marks', `e${'\u0301'.repeat(500)}x`, `e${'\u0301'.repeat(6)}x`],
    ['lone surrogates', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['tabs', '\ta\tbcd\te\n世\tx', '    a   bcd e\n世  x'],
  ])('%s', (_, text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it.each([
    ['line ends and blank lines', 'subject \n\n  body\r\nmore\n', 'subject body more'],
    ['keeps the indentation', '  > jest', '  > jest'],
    ['a carriage return', '10%\r20%', '10% 20%'],
    ['only line ends', '\n\n', ''],
  ])('on one line: %s', (_, text, expected) => {
    expect(sanitize(text, { oneLine: true })).toBe(expected);
  });

  it('reads bytes as UTF-8 and survives broken ones', () => {
    expect(sanitize(Buffer.from('Grüße ✓'))).toBe('Grüße ✓');
    expect(sanitize(Buffer.from([0x61, 0xff, 0xe4, 0xb8, 0x1b, 0x5b, 0x6d]))).toBe('a\ufffd\ufffd');
  });

  it('takes out keys that escapes or invisible characters cut up', () => {
    expect(sanitize('key sk-ant-\x1b[31mapi03-abcd\u200befgh1234')).toBe('key [redacted]');
  });

  it('uses the given redactor', () => {
    expect(sanitize('it is hunter-two!', { redact: createRedactor(['hunter-two']) })).toBe('it is [redacted]!');
  });

  it('lets nothing through, whatever comes (20 000 random texts)', () => {
    const random = seededRandom(42);
    for (let round = 0; round < 20_000; round += 1) {
      const text = randomText(random);
      const shown = sanitize(text);
      if (FORBIDDEN.test(shown)) expect.fail(`${JSON.stringify(text)} became ${JSON.stringify(shown)}`);
      if (sanitize(shown) !== shown) expect.fail(`not stable: ${JSON.stringify(text)}`);
      if (/\n/.test(sanitize(text, { oneLine: true }))) expect.fail(`more than a line: ${JSON.stringify(text)}`);
    }
  });
});

const PIECES = [
  ...['\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b\\', '\x1b_', '\x1bk', '\x9b', '\x9c', '\x9d', '\x90', '\x07', '\x18'],
  ...['0', ';', '31m', '52;c;', 'tmux;', '?', ' ', 'm', 'a', 'Z', '~', '\\', '\r', '\n', '\t', '\b', '\0', '\x7f'],
  ...[
    '\u202e',
    '\u2066',
    '\u2028',
    '\u200d',
    '\ufe0f',
    '\u0301',
    '世',
    '🧑',
    '🏽',
    '\ud800',
    '\udc00',
    '\u00ad',
    '\u3164',
  ],
];

function randomText(random: () => number): string {
  const length = 1 + Math.floor(random() * 24);
  const pick = () => {
    if (random() < 0.1) return String.fromCharCode(Math.floor(random() * 0x10000));
    return PIECES[Math.floor(random() * PIECES.length)];
  };
  return Array.from({ length }, pick).join('');
}

/** Mulberry32: the same texts on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
