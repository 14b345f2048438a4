// Opens the viewer on a terminal of any size that understands real bytes: what a person would see, as text.
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import type { RepositoryFolders } from '../../src/journal/folders.ts';
import { runTui, type TuiOptions } from '../../src/tui/run-tui.ts';
import { waitFor } from '../harness/wait-for.ts';
import { RUN } from '../viewer/run-folder.ts';
import { fakeWorkspace, NO_LIVE_OUTPUT, planWith } from './working-day.ts';

export interface OpenOptions {
  readonly folders: RepositoryFolders;
  readonly run?: string;
  readonly columns?: number;
  readonly rows?: number;
  /** What the clock says; a function for one that moves. */
  readonly now: number | (() => number);
  readonly environment?: Readonly<Record<string, string>>;
  readonly workspace?: TuiOptions['workspace'];
  readonly liveOutput?: TuiOptions['liveOutput'];
  readonly recover?: TuiOptions['recover'];
  readonly diffs?: TuiOptions['diffs'];
  readonly undo?: TuiOptions['undo'];
  readonly greeting?: string;
}

/** Opens the viewer and waits until it listens; it is closed after the test. */
export async function openViewer(options: OpenOptions): Promise<Viewer> {
  const { columns = 120, rows = 40, now } = options;
  const viewer = new Viewer(columns, rows);
  viewer.ended = runTui({
    folders: options.folders,
    run: options.run ?? RUN,
    stdout: viewer.stdout as unknown as NodeJS.WriteStream,
    stdin: viewer.stdin as unknown as NodeJS.ReadStream,
    environment: { LANG: 'C.UTF-8', ...options.environment },
    workspace: options.workspace === undefined ? fakeWorkspace(planWith(6)) : options.workspace,
    liveOutput: options.liveOutput ?? NO_LIVE_OUTPUT,
    recover: options.recover ?? (async () => undefined),
    diffs: options.diffs ?? null,
    undo: options.undo ?? null,
    greeting: options.greeting ?? null,
    signal: viewer.closing.signal,
    clock: typeof now === 'number' ? () => now : now,
    timeZone: 'UTC',
    publishEveryMs: 5,
  });
  onTestFinished(() => viewer.close());
  // The first frame comes before the keyboard is listened to.
  const ready = waitFor(() => viewer.stdin.isRaw, { what: 'the viewer to take the terminal', intervalMs: 5 });
  await Promise.race([ready, viewer.ended]);
  return viewer;
}

export class Viewer {
  readonly closing = new AbortController();
  readonly stdin = new Keyboard();
  readonly stdout: Screen;
  ended: Promise<void> = Promise.resolve();

  constructor(columns: number, rows: number) {
    this.stdout = new Screen(columns, rows);
  }

  /** The screen, without blanks at the ends of rows. */
  async text(): Promise<string> {
    return this.stdout.text();
  }

  /** How every cell looks, row by row: see `STYLES`; blanks at the ends of rows are left out. */
  async styles(): Promise<string> {
    return this.stdout.styles();
  }

  /** Presses keys as the terminal sends them: `j`, `\x1b`, `\r`. */
  press(...keys: string[]): void {
    for (const key of keys) this.stdin.send(key);
  }

  /** Resolves with the screen as soon as it has all of the texts, and none of those behind `not: `. */
  async shows(...texts: string[]): Promise<string> {
    return waitFor(
      async () => {
        const seen = await this.text();
        const holds = texts.every((text) =>
          text.startsWith('not: ') ? !seen.includes(text.slice(5)) : seen.includes(text),
        );
        return holds ? seen : '';
      },
      { what: texts.join(' | '), timeoutMs: 4_000, intervalMs: 5, detail: () => this.text() },
    );
  }

  resize(columns: number, rows: number): void {
    this.stdout.resize(columns, rows);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended.catch(() => undefined);
    await new Promise<void>((resolve) => this.stdout.write('', () => resolve()));
  }
}

/** A terminal's screen: takes bytes, knows what they look like. */
class Screen extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Everything that was written. */
  written = '';
  /** How often something was written. */
  writes = 0;
  readonly #terminal: xterm.Terminal;

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
    // As a terminal's driver does it (stty onlcr): Ink ends rows with line feeds only.
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: 100,
      convertEol: true,
    });
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    this.written += text;
    this.writes += 1;
    this.#terminal.write(text, done);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#terminal.resize(columns, rows);
    this.emit('resize');
  }

  async text(): Promise<string> {
    const lines = await this.#lines();
    return lines.map((line) => (line?.translateToString(true, 0, this.columns) ?? '').trimEnd()).join('\n');
  }

  async styles(): Promise<string> {
    const lines = await this.#lines();
    return lines
      .map((line) => Array.from({ length: this.columns }, (_, column) => styleOf(line?.getCell(column))).join(''))
      .map((line) => line.trimEnd())
      .join('\n');
  }

  async #lines() {
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.rows }, (_, row) => active.getLine(active.baseY + row));
  }
}

/** A letter for each way in which a cell can look; anything else is a question mark. */
const STYLES: Readonly<Record<string, string>> = {
  '': '.',
  dim: 'd',
  bold: 'b',
  red: 'r',
  'bold red': 'R',
  green: 'g',
  magenta: 'm',
  cyan: 'c',
};
const COLOUR_NAMES: Readonly<Record<number, string>> = { 1: 'red', 2: 'green', 5: 'magenta', 6: 'cyan' };

function styleOf(cell: xterm.IBufferCell | undefined): string {
  if (cell === undefined || cell.getWidth() === 0) return ' ';
  if (cell.isInverse()) return 'i';
  if (cell.getChars().trim() === '') return ' ';
  const colour = cell.isFgDefault() ? '' : (COLOUR_NAMES[cell.getFgColor()] ?? 'other');
  const attributes = [cell.isDim() ? 'dim' : '', cell.isBold() ? 'bold' : '', colour].filter((word) => word !== '');
  return STYLES[attributes.join(' ')] ?? '?';
}

/** A terminal's keyboard, in the shape that Ink reads from. */
class Keyboard extends EventEmitter {
  readonly isTTY = true;
  readonly #typed: string[] = [];
  isRaw = false;
  isPaused = false;

  send(text: string): void {
    this.#typed.push(text);
    this.emit('readable');
  }

  read(): string | null {
    return this.#typed.shift() ?? null;
  }

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  setEncoding(): this {
    return this;
  }

  ref(): void {}
  unref(): void {}
  resume(): void {
    this.isPaused = false;
  }

  pause(): void {
    this.isPaused = true;
  }
}
