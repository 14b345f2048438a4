// Ties it together: keys become a new state of the screen and effects, changes of the run become frames, titles and
// bells. Holds no knowledge of its own.
import type { RunCommand } from '../core/run-command.ts';
import { FrameStore } from './frame-store.ts';
import { type PaintOptions, paintRow } from './paint.ts';
import type { Answer } from './steering.ts';
import type { Model } from './store/model.ts';
import type { DiffToShow } from './store/ports.ts';
import { needsBell, windowTitle } from './terminal/window-title.ts';
import type { DiffRequest, ProgramRequest, Size, UiEffect } from './ui/effects.ts';
import { followModel } from './ui/follow-model.ts';
import { askUndo, pressKey } from './ui/press-key.ts';
import { FIRST_UI, type UiState } from './ui/ui-state.ts';
import { openPage, type PanelSizes, say } from './ui/updated.ts';
import { contentRows } from './views/layout.ts';
import { pageSize, pageText } from './views/pages/page-frame.ts';
import { panelText } from './views/panel-text.ts';
import { screen, screenLayout } from './views/screen.ts';

/** What the controller reads. */
export interface ModelSource {
  readonly getModel: () => Model;
  readonly subscribe: (listener: () => void) => () => void;
  show(attempt: UiState['opened']): void;
  holdLog(held: boolean): void;
  loadOlderLog(): void;
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
    for (const key of keys) {
      const { ui, effects } = pressKey(this.#ui, key, {
        model: this.#model,
        sizes: this.#panelSizes(),
        pageSize: (page) => pageSize(this.#input(), page),
        visibleText: (place) =>
          typeof place === 'string' ? panelText(this.#input(), place) : pageText(this.#input(), place),
      });
      this.#setUi(ui);
      for (const effect of effects) this.#carryOut(effect);
    }
    this.frames.refresh();
  };

  /** The terminal has another size. */
  readonly onResize = (): void => this.frames.refresh();

  readonly say = (text: string, tone: 'plain' | 'bad'): void => {
    this.#setUi(say(this.#ui, text, tone));
    this.frames.refresh();
  };

  close(): void {
    this.#unsubscribe();
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
    this.frames.refresh();
  };

  #setUi(ui: UiState): void {
    const { source } = this.#options;
    if (ui.log.anchor !== this.#ui.log.anchor) source.holdLog(ui.log.anchor !== 'end');
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
      case 'older_log':
        source.loadOlderLog();
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
