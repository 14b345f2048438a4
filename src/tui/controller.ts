// Ties it together: keys become a new state of the screen and effects, changes of the run become frames, titles and
// bells. Holds no knowledge of its own.
import type { RunCommand } from '../core/run-command.ts';
import { FrameStore } from './frame-store.ts';
import { type PaintOptions, paintRow } from './paint.ts';
import type { Answer } from './steering.ts';
import type { LogLook, LogSource } from './store/log-source.ts';
import type { Model } from './store/model.ts';
import type { DiffToShow } from './store/ports.ts';
import { needsBell, windowTitle } from './terminal/window-title.ts';
import type { DiffRequest, ProgramRequest, Size, UiEffect } from './ui/effects.ts';
import { followModel } from './ui/follow-model.ts';
import { missingLog, searchEnded } from './ui/log-keys.ts';
import { filteredRows, matchedAt, matcher } from './ui/log-rows.ts';
import { askUndo, pressKey } from './ui/press-key.ts';
import { FIRST_UI, type UiState } from './ui/ui-state.ts';
import { openPage, type PanelSizes, say, type UpdateContext, type Updated } from './ui/updated.ts';
import { contentRows } from './views/layout.ts';
import { pageSize, pageText } from './views/pages/page-frame.ts';
import { panelText } from './views/panel-text.ts';
import { screen, screenLayout } from './views/screen.ts';

/** What the controller reads. */
export interface ModelSource {
  readonly getModel: () => Model;
  readonly subscribe: (listener: () => void) => () => void;
  show(attempt: UiState['opened']): void;
  /** Takes in now what has just changed. */
  publish(): void;
  unfold(unfolded: boolean): void;
  lookAtLog(look: LogLook): void;
  /** Of the shown attempt. */
  readonly log: Pick<LogSource, 'loadOlder' | 'loadNewer' | 'toBeginning' | 'toEnd' | 'search'> | null;
}

/** What it does to the world. */
export interface ControllerPorts {
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

export interface ControllerOptions extends PaintOptions {
  readonly source: ModelSource;
  readonly ports: ControllerPorts;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
}

const MESSAGE_MS = 8_000;

export class Controller {
  readonly frames: FrameStore;
  readonly #options: ControllerOptions;
  readonly #unsubscribe: () => void;
  #model: Model;
  #ui: UiState;
  #messageTimer: NodeJS.Timeout | null = null;
  /** Aborted by the next key. */
  #searching = new AbortController();

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#model = options.source.getModel();
    this.#ui = followModel(FIRST_UI, null, this.#model);
    this.frames = new FrameStore(() => this.#draw());
    this.#unsubscribe = options.source.subscribe(this.#onModel);
  }

  /** What has to be said once at the beginning. */
  begin(): void {
    this.#options.ports.title(windowTitle(this.#model.report));
    if (this.#model.report.supervisor.alive === false) this.#options.ports.supervisorDied();
  }

  readonly onKeys = (keys: readonly string[]): void => {
    this.#searching.abort();
    for (const key of keys) this.#update(pressKey(this.#ui, key, this.#context()));
    this.#loadLog();
    this.frames.refresh();
  };

  /** The terminal has another size. */
  readonly onResize = (): void => this.frames.refresh();

  readonly say = (text: string, tone: 'plain' | 'bad'): void => {
    this.#setUi(say(this.#ui, text, tone));
    this.frames.refresh();
  };

  /** Tells the supervisor, and shows its answer. */
  async tell(command: RunCommand): Promise<void> {
    await this.#send(command, false);
  }

  close(): void {
    this.#unsubscribe();
    this.#searching.abort();
    if (this.#messageTimer !== null) clearTimeout(this.#messageTimer);
  }

  readonly #onModel = (): void => {
    const before = this.#model;
    const after = this.#options.source.getModel();
    this.#model = after;
    this.#setUi(followModel(this.#ui, before, after));
    const { ports } = this.#options;
    ports.title(windowTitle(after.report));
    if (needsBell(before.report, after.report)) ports.bell();
    if (after.report.supervisor.alive === false) ports.supervisorDied();
    this.#loadLog();
    this.frames.refresh();
  };

  #update({ ui, effects }: Updated): void {
    this.#setUi(ui);
    for (const effect of effects) this.#carryOut(effect);
  }

  #context(): UpdateContext {
    return {
      model: this.#model,
      sizes: this.#panelSizes(),
      pageSize: (page) => pageSize(this.#input(), page),
      visibleText: (place) =>
        typeof place === 'string' ? panelText(this.#input(), place) : pageText(this.#input(), place),
    };
  }

  #setUi(ui: UiState): void {
    const { source } = this.#options;
    const { anchor, filter } = ui.log;
    if (anchor !== this.#ui.log.anchor || filter !== this.#ui.log.filter)
      source.lookAtLog({ atEnd: anchor === 'end', filtered: filter !== '' });
    if (ui.message !== this.#ui.message) this.#forgetMessageLater(ui);
    this.#ui = ui;
  }

  #forgetMessageLater({ message }: UiState): void {
    if (this.#messageTimer !== null) clearTimeout(this.#messageTimer);
    this.#messageTimer = null;
    if (message === null) return;
    this.#messageTimer = setTimeout(() => {
      this.#setUi({ ...this.#ui, message: null });
      this.frames.refresh();
    }, MESSAGE_MS);
  }

  #carryOut(effect: UiEffect): void {
    const { source, ports } = this.#options;
    switch (effect.type) {
      case 'send':
        void this.#send(effect.command, effect.thenQuit === true);
        return;
      case 'show':
        source.show(effect.attempt);
        return;
      case 'unfold':
        source.unfold(effect.unfolded);
        return;
      case 'log_beginning':
        void source.log?.toBeginning();
        return;
      case 'search_log':
        void this.#searchLog(effect);
        return;
      case 'copy':
        void ports.copy(effect.text).then(
          () => this.say(`copied ${effect.what}`, 'plain'),
          () => this.say('nothing was copied: no clipboard', 'bad'),
        );
        return;
      case 'read_diff':
        void this.#readDiff(effect.request);
        return;
      case 'open_program':
        ports.openProgram(effect.what);
        return;
      case 'plan_undo':
        void this.#planUndo(effect.iteration);
        return;
      case 'undo':
        void ports.undo().then((answer) => this.say(answer.message, answer.ok ? 'plain' : 'bad'));
        return;
      case 'redraw':
        ports.redraw();
        return;
      case 'suspend':
        ports.suspend();
        return;
      case 'quit':
        ports.quit();
        return;
    }
  }

  async #planUndo(iteration: number | null): Promise<void> {
    const found = await this.#options.ports.planUndo(iteration);
    if ('why' in found) return this.say(found.why, 'bad');
    this.#setUi(askUndo(this.#ui, this.#model, found.lines));
    this.frames.refresh();
  }

  async #readDiff(request: DiffRequest): Promise<void> {
    const found = await this.#options.ports.readDiff(request);
    if ('why' in found) return this.say(found.why, 'bad');
    const { title, lines } = found;
    this.#setUi(openPage(this.#ui, { kind: 'diff', request, title, lines }));
    this.frames.refresh();
  }

  async #send(command: RunCommand, thenQuit: boolean): Promise<void> {
    const { ok, message } = await this.#options.ports.send(command);
    if (ok && thenQuit) this.#options.ports.quit();
    else this.say(message, ok ? 'plain' : 'bad');
  }

  /** Reads what of the log is missing on the screen. */
  #loadLog(): void {
    const { log } = this.#options.source;
    switch (missingLog(this.#ui, this.#model, this.#panelSizes())) {
      case 'older':
        return void log?.loadOlder();
      case 'newer':
        return void log?.loadNewer();
      case 'end':
        return void log?.toEnd();
    }
  }

  async #searchLog({ direction, search, filter }: Extract<UiEffect, { type: 'search_log' }>): Promise<void> {
    const { source } = this.#options;
    this.#searching = new AbortController();
    const { signal } = this.#searching;
    const [matches, isShown] = [matcher(search), matcher(filter)];
    const id = await source.log?.search((row) => isShown(row) && matches(row), direction, signal);
    if (signal.aborted) return;
    if (id == null) {
      this.#update(searchEnded(this.#ui, direction, this.#context()));
      return this.frames.refresh();
    }
    // First the place, then the lines: a screen that stands at the end would go back there.
    const marked = () => {
      const rows = filteredRows(this.#model.shown?.log.rows ?? [], filter);
      this.#setUi({ ...this.#ui, log: matchedAt(this.#ui.log, rows, id, this.#panelSizes().logRows), message: null });
    };
    marked();
    source.publish();
    marked();
    this.frames.refresh();
  }

  #input() {
    const { ports, timeZone } = this.#options;
    return { model: this.#model, ui: this.#ui, size: ports.size(), timeZone };
  }

  #draw() {
    const input = this.#input();
    const { columns } = input.size;
    const lines = screen(input).map((line) => paintRow(line, columns, this.#options));
    return { ...input.size, lines };
  }

  #panelSizes(): PanelSizes {
    const layout = screenLayout(this.#input());
    return { focusRows: contentRows(layout, this.#ui.focus), logRows: contentRows(layout, 'log') };
  }
}
