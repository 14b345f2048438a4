// Carries out what keys lead to in the world, and brings back to the screen what came of it.
import type { RunCommand } from '../core/run-command.ts';
import { messageOf } from '../system/system-error.ts';
import type { Answer } from './steering.ts';
import type { LogLook, LogSource } from './store/log-source.ts';
import type { Model } from './store/model.ts';
import type { DiffToShow } from './store/ports.ts';
import type { Size } from './terminal/size.ts';
import type { DiffRequest, ProgramRequest, UiEffect } from './ui/effects.ts';
import { searchEnded } from './ui/log-keys.ts';
import { filteredRows, matchedAt, matcher } from './ui/log-rows.ts';
import { openDiff } from './ui/open-diff.ts';
import { askUndo } from './ui/press-key.ts';
import type { UiState } from './ui/ui-state.ts';
import type { UpdateContext, Updated } from './ui/updated.ts';

/** What the screen is fed from. */
export interface ModelSource {
  readonly getModel: () => Model;
  readonly subscribe: (listener: () => void) => () => void;
  show(attempt: UiState['opened']): void;
  /** Takes in now what has just changed. */
  publish(): void;
  unfold(unfolded: boolean): void;
  lookAtLog(look: LogLook): void;
  /** What is uncommitted is wanted as it is now. */
  lookAtChanges(): void;
  /** Of the shown attempt. */
  readonly log: Pick<LogSource, 'loadOlder' | 'loadNewer' | 'toBeginning' | 'toEnd' | 'search'> | null;
}

/** What can be done to the world. */
export interface ScreenPorts {
  readonly size: () => Size;
  readonly send: (command: RunCommand) => Promise<Answer>;
  readonly copy: (text: string) => Promise<void>;
  readonly redraw: () => void;
  readonly openProgram: (what: ProgramRequest) => void;
  /** The lines are safe to show; or why there are none. */
  readonly readDiff: (what: DiffRequest) => Promise<DiffToShow>;
  /** What an undo would throw away, safe to show; or why it is not possible. */
  readonly planUndo: (
    iteration: number | null,
  ) => Promise<{ readonly lines: readonly string[] } | { readonly why: string }>;
  /** Carries out what was planned last. */
  readonly undo: () => Promise<Answer>;
  readonly suspend: () => void;
  readonly title: (text: string) => void;
  readonly bell: () => void;
  readonly supervisorDied: () => void;
  /** The viewer goes. */
  readonly quit: () => void;
}

/** The screen's state, for whoever brings something back to it. */
export interface Stage {
  readonly ui: UiState;
  readonly context: UpdateContext;
  set(ui: UiState): void;
  update(updated: Updated): void;
  say(text: string, tone: 'plain' | 'bad'): void;
}

export class EffectRunner {
  readonly #source: ModelSource;
  readonly #ports: ScreenPorts;
  readonly #stage: Stage;
  #searching = new AbortController();

  constructor(source: ModelSource, ports: ScreenPorts, stage: Stage) {
    this.#source = source;
    this.#ports = ports;
    this.#stage = stage;
  }

  /** Ends a search that is still going on: somebody does something else. */
  endSearch(): void {
    this.#searching.abort();
  }

  run(effect: UiEffect): void {
    void this.#perform(effect).catch((error: unknown) => this.#stage.say(messageOf(error), 'bad'));
  }

  async #perform(effect: UiEffect): Promise<void> {
    const [source, ports] = [this.#source, this.#ports];
    switch (effect.type) {
      case 'send':
        return this.send(effect.command, effect.thenQuit === true);
      case 'show':
        return source.show(effect.attempt);
      case 'unfold':
        return source.unfold(effect.unfolded);
      case 'log_beginning':
        return source.log?.toBeginning();
      case 'search_log':
        return this.#searchLog(effect);
      case 'copy':
        return this.#copy(effect.text, effect.what);
      case 'read_diff':
        return this.#readDiff(effect.request);
      case 'open_program':
        return ports.openProgram(effect.what);
      case 'plan_undo':
        return this.#planUndo(effect.iteration);
      case 'undo':
        return this.#answer(await ports.undo());
      case 'redraw':
        return ports.redraw();
      case 'suspend':
        return ports.suspend();
      case 'quit':
        return ports.quit();
    }
  }

  async send(command: RunCommand, thenQuit = false): Promise<void> {
    const answer = await this.#ports.send(command);
    if (answer.ok && thenQuit) this.#ports.quit();
    else this.#answer(answer);
  }

  #answer({ ok, message }: Answer): void {
    this.#stage.say(message, ok ? 'plain' : 'bad');
  }

  async #copy(text: string, what: string): Promise<void> {
    const copied = await this.#ports.copy(text).then(
      () => true,
      () => false,
    );
    this.#answer({ ok: copied, message: copied ? `copied ${what}` : 'nothing was copied: no clipboard' });
  }

  async #planUndo(iteration: number | null): Promise<void> {
    const found = await this.#ports.planUndo(iteration);
    if ('why' in found) return this.#stage.say(found.why, 'bad');
    this.#stage.set(askUndo(this.#stage.ui, this.#stage.context.model, found.lines));
  }

  async #readDiff(request: DiffRequest): Promise<void> {
    const found = await this.#ports.readDiff(request);
    if ('why' in found) return this.#stage.say(found.why, 'bad');
    const { title, lines, ofFiles } = found;
    const { ui, context } = this.#stage;
    const readAt = ofFiles ? context.model.now : null;
    this.#stage.set(openDiff(ui, { kind: 'diff', request, title, lines, readAt }));
  }

  async #searchLog({ direction, search, filter }: Extract<UiEffect, { type: 'search_log' }>): Promise<void> {
    const [source, stage] = [this.#source, this.#stage];
    this.#searching = new AbortController();
    const { signal } = this.#searching;
    const [matches, isShown] = [matcher(search), matcher(filter)];
    const id = await source.log?.search((row) => isShown(row) && matches(row), direction, signal);
    if (signal.aborted) return;
    if (id == null) return stage.update(searchEnded(stage.ui, direction, stage.context));
    // First the place, then the lines: a screen that stands at the end would go back there.
    const marked = () => {
      const { model, sizes } = stage.context;
      const rows = filteredRows(model.shown?.log.rows ?? [], filter);
      stage.set({ ...stage.ui, log: matchedAt(stage.ui.log, rows, id, sizes.logRows), message: null });
    };
    marked();
    source.publish();
    marked();
  }
}
