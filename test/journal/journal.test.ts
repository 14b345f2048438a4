import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/append.ts';
import type { JournalEvent } from '../../src/journal/envelope.ts';
import { parseJournal, readJournal } from '../../src/journal/read.ts';
import { temporaryFolder } from '../harness/temporary.ts';

interface Noted extends JournalEvent {
  readonly type: 'noted';
  readonly text: string;
}

const at = '2026-11-21T09:45:12.000Z';
const noted = (text: string): Noted => ({ type: 'noted', at, text });
const line = (seq: number, more: object = {}) => `${JSON.stringify({ v: 1, seq, at, type: 'noted', ...more })}\n`;
const newJournalPath = async () => join(await temporaryFolder(), 'events.ndjson');

describe('openJournal', () => {
  it('writes numbered lines that can be read again', async () => {
    const path = await newJournalPath();
    const journal = openJournal<Noted>(path);
    expect(journal.append(noted('first'), { durable: true })).toEqual({ v: 1, seq: 1, ...noted('first') });
    journal.append(noted('two\nlines, “quotes” and 世界'));
    journal.close();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"v":1,"seq":1,"type":"noted"/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { events, problems } = await readJournal<Noted>(path);
    expect(problems).toEqual([]);
    expect(events.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'first'],
      [2, 'two\nlines, “quotes” and 世界'],
    ]);
  });

  it('goes on with the numbers of an existing file', async () => {
    const path = await newJournalPath();
    writeFileSync(path, line(1) + line(2));
    const journal = openJournal<Noted>(path);
    expect(journal.content.events).toHaveLength(2);
    expect(journal.append(noted('third')).seq).toBe(3);
    journal.close();
    expect((await readJournal(path)).problems).toEqual([]);
  });

  it('numbers an event itself, also one that was journaled before', async () => {
    const journal = openJournal<Noted>(await newJournalPath());
    const first = journal.append(noted('first'));
    expect(journal.append(first)).toEqual({ ...first, seq: 2 });
    journal.close();
  });

  it.each([
    ['half a line', '{"v":1,"seq":2,"at":"2026'],
    ['a whole line without its end', line(2).trimEnd()],
    ['zeros of a power cut', '\0'.repeat(4096)],
    ['half a character', Buffer.from([0x7b, 0xe4, 0xb8])],
  ])('cuts off %s', async (_, torn) => {
    const path = await newJournalPath();
    writeFileSync(path, line(1));
    appendFileSync(path, torn);
    const journal = openJournal<Noted>(path);
    expect(readFileSync(path, 'utf8')).toBe(line(1));
    expect(journal.append(noted('next')).seq).toBe(2);
    journal.close();
    expect(await readJournal(path)).toMatchObject({ problems: [], lines: 2 });
  });

  it('keeps broken lines in the middle and numbers behind the highest', async () => {
    const path = await newJournalPath();
    writeFileSync(path, `${line(1)}garbage\n${line(3)}`);
    const journal = openJournal<Noted>(path);
    expect(journal.append(noted('next')).seq).toBe(4);
    journal.close();
    expect(readFileSync(path, 'utf8')).toContain('garbage\n');
  });

  it('refuses a journal that a newer version wrote, and leaves it as it is', async () => {
    const path = await newJournalPath();
    const newer = line(1) + line(2, { v: 2 });
    writeFileSync(path, `${newer}{"torn`);
    expect(() => openJournal(path)).toThrow(
      expect.objectContaining({
        code: 'newer_version',
        message: expect.stringMatching(/line 2 was written by a newer ralph-tui .*; update ralph-tui to go on/),
      }),
    );
    expect(readFileSync(path, 'utf8')).toBe(`${newer}{"torn`);
  });

  it('notices a second writer and a file that was taken away', async () => {
    const path = await newJournalPath();
    const journal = openJournal<Noted>(path);
    journal.append(noted('mine'));
    appendFileSync(path, line(2));
    expect(() => journal.append(noted('mine too'))).toThrow(/changed by somebody else/);
    truncateSync(path, 0);
    expect(() => journal.append(noted('mine too'))).toThrow(expect.objectContaining({ code: 'not_ours' }));
    rmSync(path);
    expect(() => journal.append(noted('mine too'))).toThrow(/was taken away/);
    journal.close();
  });

  it('leaves the file whole when space runs out, and goes on when there is some again', async () => {
    const path = await newJournalPath();
    // A limit on file sizes behaves like a full disk: a part is written, then an error. XFSZ would end the process.
    const program = join(import.meta.dirname, 'write-until-full.ts');
    const shell = `trap '' XFSZ; ulimit -f 8; exec "$0" "$1" "$2"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', shell, process.execPath, program, path]);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'no_space', again: 'no_space', short: true });
    const { events, problems, wholeBytes } = await readJournal<Noted>(path);
    expect(problems).toEqual([]);
    expect(wholeBytes).toBe(statSync(path).size);
    expect(events.at(-1)).toMatchObject({ text: 'short' });
    const journal = openJournal<Noted>(path);
    expect(journal.append(noted('after')).seq).toBe(events.length + 1);
    journal.close();
  });

  it('survives being killed in the middle of writing', async () => {
    const path = await newJournalPath();
    const program = join(import.meta.dirname, 'write-until-killed.ts');
    for (let round = 0; round < 5; round += 1) {
      await promisify(execFile)(process.execPath, [program, path, String(200 * (round + 1))]).catch(() => {});
    }
    const journal = openJournal<Noted>(path);
    expect(journal.content.problems).toEqual([]);
    expect(journal.content.events).toHaveLength(3000);
    journal.close();
  }, 60_000);
});

describe('parseJournal', () => {
  const parse = (text: string) => parseJournal(Buffer.from(text));

  it('is empty for an empty file', () => {
    expect(parse('')).toEqual({ events: [], problems: [], wholeBytes: 0, lines: 0 });
  });

  it('hands through types and fields that it does not know', () => {
    const { events, problems } = parse(line(1, { type: 'from_the_future', extra: { deep: [1] } }));
    expect(problems).toEqual([]);
    expect(events).toEqual([{ v: 1, seq: 1, at, type: 'from_the_future', extra: { deep: [1] } }]);
  });

  it('ignores a last line that was not finished', () => {
    const content = parse(`${line(1)}{"v":1,"se`);
    expect(content).toMatchObject({ problems: [], lines: 1, wholeBytes: line(1).length });
  });

  it.each([
    ['no JSON', 'garbage\n', 'broken', 'line 2 is not JSON'],
    ['an empty line', '\n', 'broken', 'line 2 is not JSON'],
    ['no entry', '[1]\n', 'broken', /^line 2 is no journal entry: entry: /],
    ['no type', '{"v":1,"seq":2,"at":"2026-11-21T09:45:12Z"}\n', 'broken', /^line 2 is no journal entry: type: /],
    ['no time', line(2, { at: 'yesterday' }), 'broken', /^line 2 is no journal entry: at: /],
    ['a newer version', line(2, { v: 7 }), 'newer_version', /^line 2 .* newer ralph-tui \(journal version 7/],
  ])('reports %s and keeps the rest', (_, bad, kind, message) => {
    const { events, problems } = parse(line(1) + bad + line(2));
    expect(events.map((event) => event.seq)).toEqual([1, 2]);
    expect(problems).toMatchObject([{ kind, line: 2, message: expect.stringMatching(message) }]);
  });

  it('reports missing and repeated numbers', () => {
    const { events, problems } = parse(line(1) + line(3) + line(3));
    expect(events).toHaveLength(3);
    expect(problems.map((problem) => problem.message)).toEqual([
      'line 2 has number 3 where 2 was due',
      'line 3 has number 3 where 4 was due',
    ]);
  });
});
