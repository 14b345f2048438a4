// What happened in a run, one line a fact: for loop-main.log, and for whoever wants lines instead of a screen.
import { assertNever } from '../core/assert-never.ts';
import { attemptName } from '../core/attempt-ref.ts';
import { helpAtEnd } from '../core/decide/help.ts';
import type { CheckEnded, Event, PauseReason, RunStarted } from '../core/events.ts';
import type { Receipt } from '../core/receipt.ts';
import type { RunCommand } from '../core/run-command.ts';
import type { Vitals } from '../core/sandbox.ts';
import type { RunState } from '../core/state/run-state.ts';
import { formatBytes } from '../text/bytes.ts';
import { formatDuration } from '../text/duration.ts';
import { formatEstimatedUsd, formatUsd } from '../text/money.ts';
import { plural } from '../text/plural.ts';
import { changeWords, INSTRUCTION_WORDS } from './instruction-words.ts';

/** The lines that an event adds, without the time in front; none for what only machines care about. */
export function factLines(event: Event, state: RunState): string[] {
  switch (event.type) {
    case 'run_started':
      return [beginningLine(event)];
    case 'supervisor_started':
      return event.recovered ? [`supervisor restarted (pid ${event.pid})`] : [];
    case 'attempt_starting':
      return [`iteration ${event.iteration} starts${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`];
    case 'attempt_start_failed':
      return [`could not start: ${event.message}`];
    case 'attempt_overdue':
      return [`ending the attempt: ${event.why.replace('_', ' ')}${event.limit === null ? '' : ` (${event.limit})`}`];
    case 'check_started':
      return [`checking whether it is done: ${event.command}`];
    case 'check_ended':
      return checkLines(event);
    case 'attempt_sealed':
      return sealedLines(event.receipt);
    case 'pushed':
      // One that failed is warned of.
      return event.ok ? [`pushed ${event.head.slice(0, 7)} to ${event.branch}`] : [];
    case 'instructions_changed':
      return [changeWords(event)];
    case 'mode_changed':
      return [`mode: ${event.mode}${event.why === 'planned' ? ', since the plan stayed as it was' : ''}`];
    case 'plan_changed':
      return [...event.finished.map((task) => `done: ${task}`), tasksLine(state)];
    case 'commits_seen':
      return event.commits.map((commit) => `commit ${commit.sha.slice(0, 7)} ${commit.subject}`);
    case 'command_received':
      return [`you: ${commandWords(event.command)}`, ...(event.command.name === 'note_undo' ? [tasksLine(state)] : [])];
    case 'waiting':
      return [`waiting until ${event.until}: ${event.why}`];
    case 'paused':
      return [pausedLine(event.reason, state.headless)];
    case 'warned':
      return [`warning: ${event.message}`];
    case 'finished':
      return [
        `finished (${event.reason}): ${event.message}`,
        ...(event.nextCommand === null ? [] : [`next: ${event.nextCommand}`]),
      ];
    case 'reminder_due':
    case 'attempt_started':
    case 'attempt_exited':
    case 'sandbox_removed':
    case 'surveyed':
    case 'woke':
      return [];
    case 'engine_away':
      return [`the engine is away, waiting for it: ${event.why}`];
    case 'engine_seen':
      return event.answers ? ['the engine is back'] : [];
    case 'space_seen':
      return ['there is space again: the run goes on'];
    default:
      return assertNever(event);
  }
}

function pausedLine(reason: PauseReason, headless: boolean): string {
  const help = headless ? helpAtEnd(reason) : reason.help;
  return `${reason.headlessExit === null ? 'paused' : 'NEEDS YOU'}: ${reason.message}${help === null ? '' : ` · ${help}`}`;
}

/** The regular report while an attempt runs. */
export function vitalsLine(state: RunState, vitals: Vitals): string {
  const limit = vitals.limitBytes === null ? '' : ` of ${formatBytes(vitals.limitBytes)}`;
  return `iteration ${state.iteration}: MEM=${formatBytes(vitals.memoryBytes)}${limit} CPU=${Math.round(vitals.cpuPercent)}% PIDs=${vitals.processes} · ${tasksLine(state)}`;
}

function tasksLine(state: RunState): string {
  return `Tasks remaining: ${state.plan?.open ?? 0} · Tasks completed: ${state.plan?.done ?? 0}`;
}

function checkLines(event: CheckEnded): string[] {
  if (event.ok) return ['the check succeeds'];
  const how = event.exitCode === null ? 'the check did not finish' : `the check fails (exit ${event.exitCode})`;
  const [last] = event.tail.trimEnd().split('\n').slice(-1);
  return [last === undefined || last === '' ? how : `${how}: ${last}`];
}

function beginningLine({ run, options, survey }: RunStarted): string {
  const max = options.maxIterations === null ? '' : `, at most ${plural(options.maxIterations, 'iteration')}`;
  return `run ${run} begins: ${options.mode} on ${survey.branch ?? 'a detached HEAD'}${max}`;
}

function sealedLines(receipt: Receipt): string[] {
  const cost = receipt.costBasis === 'estimated' ? formatEstimatedUsd(receipt.costUsd) : formatUsd(receipt.costUsd);
  // The guide counts memory kills with `grep -c "OOM-killed"`: one line each, and the word in no other.
  const ending = receipt.outcome.kind === 'oom' ? 'OOM-killed' : receipt.outcome.kind;
  const head = `iteration ${attemptName(receipt)} ${ending}`;
  const figures = `${formatDuration(receipt.elapsedMs)}, ${cost}, ${plural(receipt.commits.length, 'commit')}, ${plural(receipt.tasksFinished.length, 'task')} done`;
  // What `completed` has to say stands in the figures already.
  const why = receipt.outcome.kind === 'completed' ? '' : `: ${receipt.outcome.message}`;
  return [`${head} (${figures})${why}`];
}

function commandWords(command: RunCommand): string {
  switch (command.name) {
    case 'set_max':
      return `max ${command.max ?? 'none'}`;
    case 'set_mode':
      return `mode ${command.mode}`;
    case 'note_edit':
      return `edited ${INSTRUCTION_WORDS[command.file]}`;
    case 'note_undo':
      return `undid iteration ${command.iteration} and what came after it; to have it again: ${command.fetchCommand}`;
    case 'stop':
      return command.when === 'now' ? 'stop' : `stop ${command.when.replace('_', ' ')}`;
    default:
      return command.name;
  }
}
