// What each phase of a run is called on a screen.
import { assertNever } from '../core/assert-never.ts';
import type { FinishReason } from '../core/exit-code.ts';
import type { Phase } from '../core/state/run-state.ts';

export interface PhaseFacts {
  readonly phase: Phase['name'];
  readonly needsYou: boolean;
  readonly diskFull: boolean;
  /** Not null: it does not answer. */
  readonly engineAway: object | null;
  readonly exitReason: FinishReason | null;
  /** `alive` is null when none is needed. */
  readonly supervisor: { readonly alive: boolean | null };
}

export interface PhaseWords {
  /** One cell. */
  readonly glyph: string;
  readonly word: string;
}

export function phaseWords({ phase, needsYou, diskFull, engineAway, exitReason, supervisor }: PhaseFacts): PhaseWords {
  if (supervisor.alive === false) return { glyph: '!', word: 'NO SUPERVISOR' };
  if (diskFull) return { glyph: '!', word: 'DISK FULL' };
  switch (phase) {
    case 'starting':
      return { glyph: '▷', word: 'STARTING' };
    case 'running':
      return engineAway === null ? { glyph: '▶', word: 'RUNNING' } : { glyph: '◷', word: 'ENGINE AWAY' };
    case 'between':
      return { glyph: '▷', word: 'BETWEEN' };
    case 'checking':
      return { glyph: '▷', word: 'CHECKING' };
    case 'waiting':
      return { glyph: '◷', word: 'WAITING' };
    case 'paused':
      return needsYou ? { glyph: '!', word: 'NEEDS YOU' } : { glyph: '⏸', word: 'PAUSED' };
    case 'finished':
      return FINISHED_WORDS[exitReason ?? 'internal_error'];
    default:
      return assertNever(phase);
  }
}

const FINISHED_WORDS: Readonly<Record<FinishReason, PhaseWords>> = {
  done: { glyph: '✓', word: 'DONE' },
  max_reached: { glyph: '✓', word: 'MAX REACHED' },
  stopped: { glyph: '■', word: 'STOPPED' },
  gave_up: { glyph: '✗', word: 'GAVE UP' },
  budget: { glyph: '✗', word: 'OVER BUDGET' },
  needs_person: { glyph: '!', word: 'NEEDS YOU' },
  environment: { glyph: '✗', word: 'NO SANDBOX' },
  internal_error: { glyph: '✗', word: 'INTERNAL ERROR' },
};
