// Answers a person's command: refused with the reason, or journaled and taken up.
import { commandOf, type Request, type Response } from '../control/protocol.ts';
import { assertNever } from '../core/assert-never.ts';
import { refusal } from '../core/decide/refusal.ts';
import { type AskedMode, meantMode } from '../core/mode.ts';
import type { RunCommand } from '../core/run-command.ts';
import { isPausedForSpace } from '../core/state/paused-for-space.ts';
import type { RunState } from '../core/state/run-state.ts';
import { INSTRUCTION_WORDS } from '../report/instruction-words.ts';
import { plural } from '../text/plural.ts';
import type { Loop } from './loop.ts';

/**
 * The answer to one request.
 * @param fullDisk where the disk is mounted that keeps the next attempt from starting; null where there is space
 */
export function answerCommand(loop: Loop, request: Request, fullDisk: string | null): Omit<Response, 'id'> {
  const command = commandOf(request);
  if (command === null) return { ok: true, message: `run ${loop.state.run} is ${loop.state.phase.name}` };
  const refused = loop.stalled ?? refusal(loop.state, command) ?? noSpaceToGoOn(loop.state, command, fullDisk);
  if (refused !== null) return { ok: false, message: refused };
  const message = whatHappens(loop.state, command);
  loop.dispatch({ type: 'command_received', command });
  return { ok: true, message };
}

/** Whoever goes on with a run that stands still wants an attempt to start, and none can on a full disk. */
function noSpaceToGoOn(state: RunState, { name }: RunCommand, fullDisk: string | null): string | null {
  const { phase } = state;
  if (fullDisk === null || (name !== 'resume' && name !== 'restart')) return null;
  if (phase.name !== 'paused' && phase.name !== 'waiting') return null;
  const then = isPausedForSpace(state) ? ': the run goes on by itself' : ', then: ralph-tui resume';
  return `free some space${then} · the disk is full: ${fullDisk}`;
}

/** One line for the person who asked. */
function whatHappens(state: RunState, command: RunCommand): string {
  const { phase, iteration, attempt } = state;
  const running = phase.name === 'running';
  switch (command.name) {
    case 'pause':
      return running ? `pauses after iteration ${iteration}` : 'paused';
    case 'resume':
      // Only an iteration that was begun can be skipped.
      if (command.next && attempt > 1) return `goes on with iteration ${iteration + 1}`;
      if (phase.name === 'paused' || phase.name === 'waiting') return `goes on with iteration ${iteration}`;
      return `goes on; the ${state.stopAfterAsked ? 'stop' : 'pause'} is taken back`;
    case 'stop':
      if (!running) return 'the run ends';
      if (command.when === 'after_iteration') return `the run ends after iteration ${iteration}`;
      return command.when === 'now'
        ? `stopping iteration ${iteration}; the run ends`
        : `stopping attempt ${iteration}.${attempt}; the run pauses`;
    case 'kill':
      return `killing attempt ${iteration}.${attempt}; the run ${state.current?.stopAsked?.next === 'finish' ? 'ends' : 'pauses'}`;
    case 'restart':
      return running
        ? `stopping attempt ${iteration}.${attempt}; the next attempt follows`
        : `starting attempt ${iteration}.${attempt}`;
    case 'set_max':
      return command.max === null
        ? 'the run has no maximum any more'
        : `the run ends after ${plural(command.max, 'iteration')}`;
    case 'note_edit':
      return `${INSTRUCTION_WORDS[command.file]} as you left it counts from the next iteration on`;
    case 'note_undo':
      return `iteration ${command.iteration} is undone`;
    case 'set_mode':
      return modeMessage(state, command.mode);
    default:
      return assertNever(command);
  }
}

function modeMessage({ options, iteration, phase, planningAgain }: RunState, mode: AskedMode): string {
  if (meantMode(options, mode) === options.mode) return `goes on ${mode === 'build' ? 'building' : 'planning'}`;
  const from = phase.name === 'running' ? `iteration ${iteration + 1}` : 'the next iteration';
  if (mode === 'build') return `builds from ${from} on`;
  return `plans again from ${from} on, until the plan stays as it is${planningAgain ? '' : '; then builds'}`;
}
