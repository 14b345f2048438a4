import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRegular } from '../../src/journal/regular-file.ts';
import { type TailOptions, tailBytes } from '../../src/journal/tail.ts';
import { tailLines } from '../../src/journal/tail-lines.ts';
import { temporaryFolder } from '../harness/temporary.ts';

/** Long enough that nothing in these tests is seen by the poll alone, unless a test says so. */
const NEVER_MS = 3_600_000;
const SOON_MS = 20;

const alreadyFinished = AbortSignal.abort();

async function readAll(path: string, options: TailOptions = {}): Promise<string> {
  let text = '';
  for await (const { bytes } of tailBytes(path, { ...options, finished: alreadyFinished })) text += bytes.toString();
  return text;
}

/** Follows a file and lets a test wait until it has seen what it waits for. */
function follow(path: string, options: TailOptions = {}) {
  const stop = new AbortController();
  const seen: string[] = [];
  let changed = () => {};
  const done = (async () => {
    for await (const chunk of tailBytes(path, { pollMs: NEVER_MS, signal: stop.signal, ...options })) {
      seen.push(`${chunk.restarted ? 'restart ' : ''}${chunk.offset}:${chunk.bytes.toString()}`);
      changed();
    }
  })();
  return {
    stop,
    done,
    async until(expected: string): Promise<void> {
      while (seen.at(-1) !== expected) await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

describe('tailBytes', () => {
  it('reads from a byte to the end and ends there when nothing more is written', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'hello world');
    expect(await readAll(path)).toBe('hello world');
    expect(await readAll(path, { from: 6 })).toBe('world');
    expect(await readAll(path, { from: 11 })).toBe('');
    expect(await readAll(path, { blockBytes: 3 })).toBe('hello world');
    expect(await readAll(`${path}.missing`)).toBe('');
  });

  it('yields what is appended', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one ');
    const tail = follow(path);
    await tail.until('0:one ');
    await appendFile(path, 'two ');
    await tail.until('4:two ');
    await appendFile(path, 'three');
    await tail.until('8:three');
    tail.stop.abort();
    await tail.done;
  });

  it('waits for a file that is not there yet', async () => {
    const path = join(await temporaryFolder(), 'log');
    const tail = follow(path);
    await writeFile(path, 'born');
    await tail.until('0:born');
    tail.stop.abort();
    await tail.done;
  });

  it('waits for a folder that is not there yet', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const tail = follow(join(folder, 'log'), { pollMs: SOON_MS });
    await mkdir(folder);
    await writeFile(join(folder, 'log'), 'born');
    await tail.until('0:born');
    tail.stop.abort();
    await tail.done;
  });

  it('begins again when the file is cut', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'a long first text');
    const tail = follow(path);
    await tail.until('0:a long first text');
    await truncate(path, 0);
    await appendFile(path, 'new');
    await tail.until('restart 0:new');
    await appendFile(path, '!');
    await tail.until('3:!');
    tail.stop.abort();
    await tail.done;
  });

  it('begins again when the file is replaced, and when it comes back', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'log');
    await writeFile(path, 'first');
    const tail = follow(path);
    await tail.until('0:first');
    await writeFile(join(folder, 'other'), 'second, longer');
    await rename(join(folder, 'other'), path);
    await tail.until('restart 0:second, longer');
    await rm(path);
    await writeFile(path, 'third');
    await tail.until('restart 0:third');
    tail.stop.abort();
    await tail.done;
  });

  it('begins again when it is asked to go on behind the end', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'short');
    const tail = follow(path, { from: 100 });
    await tail.until('restart 0:short');
    tail.stop.abort();
    await tail.done;
  });

  it('reads what was written before the writer finished', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one ');
    const finished = new AbortController();
    const tail = follow(path, { finished: finished.signal });
    await tail.until('0:one ');
    await appendFile(path, 'last');
    finished.abort();
    await tail.done;
    await tail.until('4:last');
  });

  it.each([
    ['a link', (path: string) => symlink('/etc/passwd', path)],
    ['a FIFO', async (path: string) => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdir(path)],
  ])('takes %s for a file that is not there yet', async (_, make) => {
    const path = join(await temporaryFolder(), 'log');
    await make(path);
    expect(await readAll(path)).toBe('');
    const tail = follow(path);
    await rm(path, { recursive: true });
    await writeFile(path, 'real');
    await tail.until('0:real');
    tail.stop.abort();
    await tail.done;
  });

  it('misses nothing of a fast writer', async () => {
    const path = join(await temporaryFolder(), 'log');
    const expected: string[] = [];
    const finished = new AbortController();
    let text = '';
    const reading = (async () => {
      for await (const { bytes } of tailBytes(path, { pollMs: NEVER_MS, finished: finished.signal })) {
        text += bytes.toString();
      }
    })();
    for (let index = 0; index < 2_000; index += 1) {
      expected.push(`line ${index}\n`);
      await appendFile(path, `line ${index}\n`);
    }
    finished.abort();
    await reading;
    expect(text).toBe(expected.join(''));
  }, 60_000);
});

describe('tailLines', () => {
  it('yields whole lines with their offsets, however they are cut into chunks', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'Grüße\n\n世界\nunfinished');
    for (const blockBytes of [1, 2, 3, 7, 1000]) {
      const lines = [];
      for await (const batch of tailLines(path, { finished: alreadyFinished, blockBytes })) lines.push(...batch.lines);
      expect(lines).toEqual([
        { text: 'Grüße', offset: 0, endOffset: 8, cut: false },
        { text: '', offset: 8, endOffset: 9, cut: false },
        { text: '世界', offset: 9, endOffset: 16, cut: false },
      ]);
    }
  });

  it('goes on behind a line', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one\ntwo\n');
    for await (const { lines } of tailLines(path, { from: 4, finished: alreadyFinished })) {
      expect(lines).toEqual([{ text: 'two', offset: 4, endOffset: 8, cut: false }]);
    }
  });

  it('forgets half a line when the file is cut', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one\nhalf a li');
    const tail = tailLines(path, { pollMs: NEVER_MS });
    expect(await tail.next()).toMatchObject({ value: { restarted: false, lines: [{ text: 'one' }] } });
    await truncate(path, 0);
    await appendFile(path, 'new\n');
    expect(await tail.next()).toMatchObject({ value: { restarted: true, lines: [{ text: 'new', offset: 0 }] } });
    await tail.return();
  });

  it('keeps the beginning of a line that is too long, and goes on behind it', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, `${'x'.repeat(1_000_000)}\nshort\n`);
    const lines = [];
    for await (const batch of tailLines(path, { finished: alreadyFinished, maxLineBytes: 100 }))
      lines.push(...batch.lines);
    expect(lines).toEqual([
      { text: 'x'.repeat(100), offset: 0, endOffset: 1_000_001, cut: true },
      { text: 'short', offset: 1_000_001, endOffset: 1_000_007, cut: false },
    ]);
  });
});

it('a file that cannot be read for a moment is tried again, from where it was', async () => {
  const path = join(await temporaryFolder(), 'log');
  await writeFile(path, 'abc');
  let failures = 2;
  const open: NonNullable<TailOptions['open']> = async (name) => {
    failures -= 1;
    if (failures >= 0) throw new Error('too many open files');
    return openRegular(name);
  };
  const reader = follow(path, { from: 1, open, pollMs: SOON_MS });
  await reader.until('1:bc');
  reader.stop.abort();
  await reader.done;
  await expect(readAll(path, { open: () => Promise.reject(new Error('for good')) })).rejects.toThrow('for good');
});
