// How the row under the cursor looks: inverted, and marked in front for screens without that.
import { inverseLine, type Line } from '../parts/line.ts';

export function cursorMark(isCursor: boolean): string {
  return isCursor ? '>' : ' ';
}

export function withCursor(drawn: Line, isCursor: boolean): Line {
  return isCursor ? inverseLine(drawn) : drawn;
}
