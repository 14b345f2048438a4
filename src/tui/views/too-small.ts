// What stands on a terminal that has no room for anything: how large it has to be, and the way out.
import { displayWidth } from '../../text/width.ts';
import { type Line, line } from '../parts/line.ts';
import type { ScreenInput } from './screen-input.ts';

/** At most `rows` lines. */
export function tooSmall({ model, ui, size }: ScreenInput): Line[] {
  const { columns, rows } = size;
  const fitting = (...forms: readonly string[]) => forms.find((text) => displayWidth(text) <= columns);
  const smallest = 'needs 40×10';
  const after = ui.endsRun
    ? 'the demo ends'
    : model.state.phase.name === 'finished'
      ? 'the run is over'
      : 'the run goes on';
  const needed = fitting(`ralph-tui ${smallest}, this is ${columns}×${rows}`) ?? smallest;
  const quits = fitting(`q quits: ${after}`) ?? 'q quits';
  if (rows > 1) return [line(needed), line(quits)];
  return [line(fitting(`${needed} · q quits`, `${smallest} · q quits`) ?? smallest)];
}
