// The lines of a log that are held in memory: a window on a file that may be far larger.
import type { LogEntry } from '../../agent/log-lines.ts';
import { type LogRow, logRow, mergedAnswer } from './log-row.ts';

/** Immutable. */
export interface LogWindow {
  /** In the order of the file, ids without holes. */
  readonly rows: readonly LogRow[];
  /** There are lines before the first row that can be loaded. */
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Nothing has been read yet. */
  readonly isOpening: boolean;
}

export const EMPTY_LOG: LogWindow = { rows: [], hasOlder: false, isLoadingOlder: false, isOpening: true };

export class LogBuffer {
  #rows: LogRow[] = [];
  #next = 0;
  #answered = new Set<string>();
  readonly #timeZone: string | undefined;

  constructor(timeZone?: string) {
    this.#timeZone = timeZone;
  }

  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  /** Id of the row that is appended next. */
  get nextId(): number {
    return this.#next;
  }

  append(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const row = logRow(entry, this.#next, this.#timeZone);
      if (this.#merge(this.#rows, row)) continue;
      this.#rows.push(row);
      this.#next += 1;
    }
  }

  /** Forgets the rows before that id. */
  dropBefore(id: number): void {
    const first = this.#rows[0]?.id ?? id;
    if (id <= first) return;
    this.#rows = this.#rows.slice(id - first);
    this.#answered.clear();
  }

  /** Puts earlier lines in front; their ids go down from the first one's. */
  prepend(entries: readonly LogEntry[]): void {
    const earlier: LogRow[] = [];
    for (const entry of entries) {
      const row = logRow(entry, 0, this.#timeZone);
      if (!this.#merge(earlier, row)) earlier.push(row);
    }
    const first = (this.#rows[0]?.id ?? this.#next) - earlier.length;
    this.#rows = [...earlier.map((row, index) => ({ ...row, id: first + index })), ...this.#rows];
  }

  clear(): void {
    this.#rows = [];
    this.#answered.clear();
  }

  /** An answer of one line goes behind its call, if that is near. */
  #merge(rows: LogRow[], answer: LogRow): boolean {
    if (answer.kind !== 'output' || answer.toolUseId === null || this.#answered.has(answer.toolUseId)) return false;
    this.#answered.add(answer.toolUseId);
    const oldest = Math.max(0, rows.length - NEAR_ROWS);
    for (let index = rows.length - 1; index >= oldest; index -= 1) {
      const call = rows[index];
      if (call?.kind !== 'tool' || call.toolUseId !== answer.toolUseId) continue;
      const merged = mergedAnswer(call, answer);
      if (merged === null) return false;
      rows[index] = merged;
      return true;
    }
    return false;
  }
}

const NEAR_ROWS = 200;
