// A world in memory that carries out the core's effects in small steps, so that a supervisor can die between any two.
// What is in the journal and what sandboxes exist survives; everything else is lost, as in a real death.
import type { AttemptRef } from '../../src/core/attempt-ref.ts';
import { step } from '../../src/core/decide/step.ts';
import type { Effect, UndatedEvent } from '../../src/core/effects.ts';
import type { Event } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/core/options.ts';
import type { OutcomeKind } from '../../src/core/outcome.ts';
import { sandboxName } from '../../src/core/sandbox.ts';
import { replay } from '../../src/core/state/apply.ts';
import type { RunState } from '../../src/core/state/run-state.ts';
import type { Survey } from '../../src/core/survey.ts';
import { CLEAN_EXIT, OPEN_PLAN, OPTIONS, receiptOf } from './story.ts';

/** How the story goes, whoever supervises it. */
export interface Plot {
  readonly options?: Partial<RunOptions>;
  readonly headless?: boolean;
  readonly push?: boolean;
  /** How the attempt ends by itself; null when it has to be stopped, `start_failed` when it never starts. */
  outcome(ref: AttemptRef): OutcomeKind | 'start_failed' | null;
  /** The workspace after so many counted attempts. */
  survey(counted: number): Survey;
  /** After so many counted attempts the disk is full, until somebody who waits for space has looked. */
  readonly diskFullAfter?: number;
  /** A person's commands, each given once, as soon as its time has come. */
  readonly commands?: readonly {
    readonly when: (state: RunState) => boolean;
    readonly command: Extract<Event, { type: 'command_received' }>['command'];
  }[];
}

interface Box {
  readonly ref: AttemptRef;
  state: 'running' | 'exited' | 'removed';
  /** Why it ended, where it was not by itself. */
  stopped: boolean;
}

type Step = () => readonly Step[];

/** Thrown when the supervisor is to die. */
class Death extends Error {}

export class SmallWorld {
  readonly journal: Event[] = [];
  /** Every sandbox that was ever started. */
  readonly boxes = new Map<string, Box>();
  readonly starts: string[] = [];
  readonly #plot: Plot;
  #given = 0;
  #isFreed = false;
  #clock = Date.parse('2026-11-21T10:00:00.000Z');
  #steps = 0;
  #lastStep = Number.POSITIVE_INFINITY;

  constructor(plot: Plot) {
    this.#plot = plot;
  }

  get state(): RunState {
    return replay(this.journal);
  }

  /** Small steps that were done so far, of all supervisors. */
  get steps(): number {
    return this.#steps;
  }

  /** One supervisor's life: until nothing is left to do, or until it dies behind so many steps. */
  live(stepsToLive = Number.POSITIVE_INFINITY): 'quiet' | 'dead' {
    this.#lastStep = this.#steps + stepsToLive;
    try {
      this.#run();
      return 'quiet';
    } catch (error) {
      if (error instanceof Death) return 'dead';
      throw error;
    }
  }

  #run(): void {
    const queue: Step[] = [];
    if (this.journal.length === 0) queue.push(() => this.#tell(this.#begin()));
    queue.push(() => this.#tell(this.#supervisorStarted()));
    let state: RunState | null = null;
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) {
        queue.push(...this.#count(next));
        continue;
      }
      state = this.state;
      const due = this.#plot.commands?.[this.#given];
      if (due === undefined || !due.when(state) || state.phase.name === 'finished') return;
      queue.push(() => {
        this.#given += 1;
        return this.#tell({ type: 'command_received', command: due.command });
      });
    }
  }

  #count(step: Step): readonly Step[] {
    if (this.#steps === this.#lastStep) throw new Death();
    this.#steps += 1;
    return step();
  }

  /** Writes it down; what is to be done about it are further steps. */
  #tell(undated: UndatedEvent): readonly Step[] {
    this.#clock += 1000;
    const event = { ...undated, at: new Date(this.#clock).toISOString() } as Event;
    const before = this.journal.length === 0 ? null : this.state;
    const { effects } = step(before, event);
    this.journal.push(event);
    return effects.map((effect) => () => this.#perform(effect));
  }

  #perform(effect: Effect): readonly Step[] {
    const tell = (event: UndatedEvent) => () => this.#tell(event);
    switch (effect.type) {
      case 'record':
        return [tell(effect.event)];
      case 'survey':
        return [tell({ type: 'surveyed', hasSecrets: true, survey: this.#survey() })];
      case 'begin':
        return [() => this.#attemptStarting(effect.ref)];
      case 'follow':
        return [() => this.#ended(effect.ref, effect.sandboxId)];
      case 'stop':
      case 'kill':
        return [() => this.#stopped(effect.sandboxId)];
      case 'seal':
        return [() => this.#sealed(effect.ref)];
      case 'remove':
        return [() => this.#removed(effect.ref, effect.sandboxId)];
      case 'push':
        return [tell({ type: 'pushed', ok: true, branch: effect.branch, head: effect.head, message: 'pushed' })];
      case 'wake':
        return [tell({ type: 'woke', until: effect.until })];
      case 'await_engine':
        return [tell({ type: 'engine_seen', answers: true })];
      case 'await_space':
        return [
          () => {
            this.#isFreed = true;
            return this.#tell({ type: 'space_seen' });
          },
        ];
      case 'check':
        return [tell({ type: 'check_started', command: effect.command }), () => this.#checked()];
      case 'look_anew':
      case 'end_check':
      case 'notify':
      case 'remind':
      case 'exit':
        return [];
    }
  }

  #checked(): readonly Step[] {
    const { head, planHash } = this.#survey();
    return this.#tell({ type: 'check_ended', ok: true, exitCode: 0, tail: '', head, planHash });
  }

  #begin(): UndatedEvent {
    const { options, headless = false, push = false } = this.#plot;
    return {
      type: 'run_started',
      run: 'run',
      repositoryPath: '/repository',
      repositoryKey: 'repository-1',
      options: { ...OPTIONS, push, ...options },
      typed: [],
      headless,
      versions: {},
      prompt: { source: 'embedded', hash: 'p' },
      survey: this.#survey(),
      pushTarget: push ? { remote: 'origin', url: '/remote.git' } : null,
      whoPays: 'nobody',
    };
  }

  #supervisorStarted(): UndatedEvent {
    const { current, supervisor } = this.state;
    const box = current === null ? undefined : this.boxes.get(current.sandboxName);
    const found =
      current === null || box === undefined || box.state === 'removed'
        ? null
        : { id: current.sandboxName, state: box.state };
    const recovered = supervisor !== null;
    return { type: 'supervisor_started', pid: 7, hasSecrets: true, recovered, found, survey: this.#survey() };
  }

  #attemptStarting(ref: AttemptRef): readonly Step[] {
    const name = sandboxName('run', ref.iteration, ref.attempt);
    const starting = this.#tell({
      type: 'attempt_starting',
      ...ref,
      sandboxName: name,
      sessionId: 's',
      promptHash: 'p',
      argv: [],
      survey: this.#survey(),
      memoryLimitBytes: null,
    });
    return [...starting, () => this.#start(ref, name)];
  }

  #start(ref: AttemptRef, name: string): readonly Step[] {
    if (this.#plot.outcome(ref) === 'start_failed')
      return [() => this.#tell({ type: 'attempt_start_failed', ...ref, code: 'engine_away', message: 'away' })];
    if (this.boxes.has(name)) throw new Error(`${name} is started twice`);
    const running = [...this.boxes.values()].find(({ state }) => state === 'running');
    if (running !== undefined) throw new Error(`${name} starts beside ${JSON.stringify(running.ref)}`);
    this.boxes.set(name, { ref, state: 'running', stopped: false });
    this.starts.push(name);
    return [() => this.#tell({ type: 'attempt_started', ...ref, sandboxId: name })];
  }

  /** The end, if it has come; else this is a step for later, as waiting is. */
  #ended(ref: AttemptRef, id: string): readonly Step[] {
    const box = this.boxes.get(id);
    if (box === undefined) throw new Error(`nobody can follow ${id}`);
    if (box.state === 'running' && this.#plot.outcome(ref) !== null) box.state = 'exited';
    if (box.state === 'running') {
      const due = this.#plot.commands?.[this.#given];
      if (due?.when(this.state) !== true) return [() => this.#ended(ref, id)];
      this.#given += 1;
      return [...this.#tell({ type: 'command_received', command: due.command }), () => this.#ended(ref, id)];
    }
    return [() => this.#tell({ type: 'attempt_exited', ...ref, exit: { ...CLEAN_EXIT, code: box.stopped ? 143 : 0 } })];
  }

  #stopped(id: string): readonly Step[] {
    const box = this.boxes.get(id);
    if (box === undefined) throw new Error(`nobody can stop ${id}`);
    if (box.state !== 'running') return [];
    box.state = 'exited';
    box.stopped = true;
    return [];
  }

  #sealed(ref: AttemptRef): readonly Step[] {
    const { current } = this.state;
    if (current === null) throw new Error('nothing to seal');
    const played = this.#plot.outcome(ref);
    const ended = played === 'start_failed' ? 'infra' : (played ?? 'stopped');
    const kind = current.stopAsked === null ? ended : 'stopped';
    const receipt = receiptOf(ref, kind, { resetsAt: '2026-11-21T12:00:00.000Z' });
    return this.#tell({ type: 'attempt_sealed', ...ref, receipt, before: current.before, survey: this.#survey() });
  }

  #removed(ref: AttemptRef, id: string): readonly Step[] {
    const box = this.boxes.get(id);
    if (box !== undefined) box.state = 'removed';
    return [() => this.#tell({ type: 'sandbox_removed', ...ref })];
  }

  /** Work is done when its sandbox has ended by itself. */
  #survey(): Survey {
    const worked = [...this.boxes.values()].filter(({ ref, state, stopped }) => {
      return state !== 'running' && !stopped && this.#plot.outcome(ref) === 'completed';
    });
    const isFull = this.#plot.diskFullAfter === worked.length && !this.#isFreed;
    return { ...this.#plot.survey(worked.length), fullDisk: isFull ? '/disk' : null };
  }
}

/** Three tasks, one commit each. */
export function threeTasks(counted: number): Survey {
  const done = Math.min(counted, 3);
  return {
    ...OPEN_PLAN,
    head: String(done).repeat(40),
    plan: { done, open: 3 - done, removed: 0, current: done === 3 ? null : `task ${done + 1}` },
    planHash: `h${done}`,
  };
}
