// The lines of a log that are held in memory, in its order: a window that grows at both ends and shrinks at both.
import type { ReadLine } from '../../agent/stream/stream-reader.ts';
import { type LogRow, logRow, mergedAnswer, rowId, rowOffset } from './log-row.ts';

/** How far back an answer's call may be to take it in. */
const NEAR_ROWS = 200;

export class LogBuffer {
  #rows: LogRow[] = [];
  #answered = new Set<string>();
  readonly #timeZone: string | undefined;

  constructor(timeZone?: string) {
    this.#timeZone = timeZone;
  }

  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  append(lines: readonly ReadLine[]): void {
    this.#take(this.#rows, lines);
  }

  prepend(lines: readonly ReadLine[]): void {
    const earlier: LogRow[] = [];
    this.#take(earlier, lines);
    this.#rows = [...earlier, ...this.#rows];
  }

  /** Keeps `count` rows at the end, and whole messages; answers at which byte of the log they begin. */
  keepLast(count: number): number | null {
    const first = this.#rows[this.#rows.length - count];
    if (first === undefined) return null;
    const offset = rowOffset(first.id);
    this.#rows = this.#rows.filter(({ id }) => rowOffset(id) >= offset);
    this.#answered.clear();
    return offset;
  }

  /** Keeps `count` rows at the beginning, and whole messages; answers before which byte of the log they end. */
  keepFirst(count: number): number | null {
    const next = this.#rows[count];
    if (next === undefined) return null;
    const offset = rowOffset(next.id);
    this.#rows = this.#rows.filter(({ id }) => rowOffset(id) < offset);
    this.#answered.clear();
    return offset;
  }

  clear(): void {
    this.#rows = [];
    this.#answered.clear();
  }

  #take(rows: LogRow[], lines: readonly ReadLine[]): void {
    for (const { offset, entries } of lines) {
      for (const [index, entry] of entries.entries()) {
        const row = logRow(entry, rowId(offset, index), this.#timeZone);
        if (!this.#merge(rows, row)) rows.push(row);
      }
    }
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
