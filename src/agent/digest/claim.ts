// Whether the agent says that everything is done (design, section 6).
import type { AgentDigest } from './digest.ts';

const CLAIMS: ReadonlySet<string> = new Set(['<promise>COMPLETE</promise>', '/done']);

/** The claim alone on a line, outside code blocks; a claim that is quoted or talked about is none. */
export function textClaimsDone(text: string): boolean {
  if (![...CLAIMS].some((claim) => text.includes(claim))) return false;
  let fence: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    // A line of backticks with more of them behind is inline code (CommonMark 4.5).
    const mark = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/.exec(line);
    const ticks = mark?.[1] ?? '';
    if (fence === null) {
      if (mark !== null) fence = ticks;
      // Four spaces make a code block of their own (CommonMark 4.4).
      else if (!/^(?: {4}|\t)/.test(line) && CLAIMS.has(line.trim())) return true;
    } else if (ticks.startsWith(fence) && mark?.[2]?.trim() === '') {
      fence = null;
    }
  }
  return false;
}

/** In the last result or the last text of the main conversation. Only a `completed` attempt's claim counts. */
export function claimsDone(digest: AgentDigest): boolean {
  return digest.result?.claimsDone === true || digest.lastTextClaimsDone;
}
