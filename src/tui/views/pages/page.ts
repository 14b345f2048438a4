// A page that can be scrolled: a title, what stands beside it, and all of its lines.
import type { Situation } from '../../keymap/binding.ts';
import type { Line } from '../../parts/line.ts';

export interface PageLines {
  readonly title: string;
  /** Empty for nothing. */
  readonly note: string;
  readonly lines: readonly Line[];
}

export interface PageInput extends Situation {
  readonly columns: number;
  /** IANA name; this machine's without one. */
  readonly timeZone: string | undefined;
}
