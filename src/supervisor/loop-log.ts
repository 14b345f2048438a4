// loop-main.log: one line a fact, for `tail -f` and grep. What the guide's commands look for stands here:
// the banner, `OOM-killed`, and every few minutes memory, CPU and tasks.
import type { Event, RunStarted } from '../core/events.ts';
import type { RunState } from '../core/state/run-state.ts';
import { factLines } from '../report/fact-lines.ts';
import { formatBytes } from '../text/bytes.ts';
import { plural } from '../text/plural.ts';

const RULE = '━'.repeat(40);
const LOOP_RULE = '='.repeat(24);

/** The lines that an event adds, without the time in front; none for what only machines care about. */
export function loopLogLines(event: Event, state: RunState): string[] {
  switch (event.type) {
    case 'run_started':
      return banner(event);
    case 'attempt_starting':
      return [
        `${LOOP_RULE} LOOP ${event.iteration}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''} ${LOOP_RULE}`,
      ];
    default:
      return factLines(event, state);
  }
}

function banner(event: RunStarted): string[] {
  const { options } = event;
  return [
    RULE,
    `Mode:   ${options.mode}`,
    `Prompt: ${event.prompt.source}`,
    `Branch: ${event.survey.branch ?? 'detached HEAD'}`,
    `Plan:   ${options.planFile}`,
    ...(options.work === null ? [] : [`Work:   ${options.work}`]),
    ...(options.maxIterations === null ? [] : [`Max:    ${plural(options.maxIterations, 'iteration')}`]),
    `Sandbox: ${options.sandbox}${options.sandbox === 'docker' ? ` (${options.image}, ${formatBytes(options.memoryBytes)})` : ''}`,
    `Pays:   ${event.whoPays}`,
    `Run:    ${event.run}`,
    RULE,
  ];
}
