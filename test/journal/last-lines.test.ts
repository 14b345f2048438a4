import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLines } from '../../src/journal/last-lines.ts';
import { tailLines } from '../../src/journal/tail-lines.ts';
import { temporaryFolder } from '../harness/temporary.ts';

async function fileWith(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'log');
  await writeFile(path, text);
  return path;
}

const texts = (found: { lines: readonly { text: string }[] }) => found.lines.map((line) => line.text);

describe('lastLines', () => {
  it.each([
    ['', 5, []],
    ['a\n', 5, ['a']],
    ['a\nb\nc\n', 2, ['b', 'c']],
    ['a\nb\nc\n', 3, ['a', 'b', 'c']],
    ['a\nb\nc\n', 0, []],
    ['a\nb\nunfinished', 2, ['a', 'b']],
    ['unfinished', 2, []],
    ['\n\n', 5, ['', '']],
    ['\nGrüße\n\n世界\n', 3, ['Grüße', '', '世界']],
  ])('of %j, %d: %j', async (text, count, expected) => {
    const path = await fileWith(text);
    for (const blockBytes of [1, 2, 5, 1000]) {
      const found = await lastLines(path, count, { blockBytes });
      expect(texts(found)).toEqual(expected);
      const bytes = Buffer.from(text);
      for (const line of found.lines) {
        expect(bytes.toString('utf8', line.offset, line.endOffset)).toBe(`${line.text}\n`);
      }
      expect(found.endOffset).toBe(bytes.lastIndexOf('\n') + 1);
    }
  });

  it('counts an unfinished last line when asked to', async () => {
    const path = await fileWith('a\nb\nunfinished');
    const found = await lastLines(path, 2, { unfinished: true });
    expect(found).toMatchObject({ endOffset: 14, startOffset: 2 });
    expect(texts(found)).toEqual(['b', 'unfinished']);
    expect(texts(await lastLines(await fileWith('a\n'), 2, { unfinished: true }))).toEqual(['a']);
  });

  it('is empty for a file that is not there', async () => {
    expect(await lastLines(join(await temporaryFolder(), 'none'), 3)).toEqual({
      lines: [],
      startOffset: 0,
      endOffset: 0,
    });
  });

  it('pages backwards through a whole file and hands over to a tail', async () => {
    const all = Array.from({ length: 1_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 300)}`);
    const path = await fileWith(`${all.join('\n')}\nnot yet`);
    const last = await lastLines(path, 70, { blockBytes: 512 });
    let pages = texts(last);
    for (let before = last.startOffset; before > 0; ) {
      const page = await lastLines(path, 70, { before, blockBytes: 512 });
      pages = [...texts(page), ...pages];
      before = page.startOffset;
    }
    expect(pages).toEqual(all);

    await appendFile(path, ' but now\n');
    const tail = tailLines(path, { from: last.endOffset, finished: AbortSignal.abort() });
    expect(await tail.next()).toMatchObject({ value: { lines: [{ text: 'not yet but now' }] } });
    await tail.return();
  });

  it('keeps the beginning of a line that is too long', async () => {
    const path = await fileWith(`first\nbeginning ${'x'.repeat(100_000)}\nlast\n`);
    const found = await lastLines(path, 3, { maxLineBytes: 9, blockBytes: 1000 });
    expect(found.lines).toEqual([
      { text: 'first', offset: 0, endOffset: 6, cut: false },
      { text: 'beginning', offset: 6, endOffset: 100_017, cut: true },
      { text: 'last', offset: 100_017, endOffset: 100_022, cut: false },
    ]);
  });

  it('stops at so many bytes, but yields a line at least', async () => {
    const path = await fileWith('aaaaaaaaaa\nbbbbbbbbbb\ncccccccccc\n');
    expect(texts(await lastLines(path, 10, { maxBytes: 25 }))).toEqual(['bbbbbbbbbb', 'cccccccccc']);
    expect(texts(await lastLines(path, 10, { maxBytes: 5 }))).toEqual(['cccccccccc']);
  });

  it('opens a log of 100 MB without reading it', async () => {
    const path = await fileWith('');
    const block = `${'x'.repeat(1023)}\n`.repeat(1024);
    for (let megabytes = 0; megabytes < 100; megabytes += 10) await appendFile(path, block.repeat(10));
    await appendFile(path, 'the end\n');
    let readBytes = 0;
    const open = async (name: string) => {
      const { open: openFile } = await import('node:fs/promises');
      const file = await openFile(name);
      const read = file.read.bind(file);
      file.read = (async (...parameters: Parameters<typeof read>) => {
        const result = await read(...parameters);
        readBytes += result.bytesRead;
        return result;
      }) as typeof file.read;
      return file;
    };
    const found = await lastLines(path, 100, { open });
    expect(found.lines).toHaveLength(100);
    expect(found.lines.at(-1)?.text).toBe('the end');
    expect(readBytes).toBeLessThan(512 * 1024);
  }, 60_000);
});
