// Ties it together: keys become a new state of the screen and effects, changes of the run become frames, titles and
// bells. Holds no knowledge of its own.
import type { RunCommand } from '../core/run-command.ts';
import { EffectRunner, type ModelSource, type ScreenPorts, type Stage } from './carry-out.ts';
import { ForgetLater } from './forget-later.ts';
import { FrameStore } from './frame-store.ts';
import { type PaintOptions, paintRow } from './paint.ts';
import type { Model } from './store/model.ts';
import { needsBell, windowTitle } from './terminal/window-title.ts';
import { followModel } from './ui/follow-model.ts';
import { holdAttempt } from './ui/hold-attempt.ts';
import { missingLog, refitLog } from './ui/log-keys.ts';
import { pasted } from './ui/pasted.ts';
import { pressKey } from './ui/press-key.ts';
import { FIRST_UI, type UiState } from './ui/ui-state.ts';
import { type PanelSizes, say, type UpdateContext, type Updated } from './ui/updated.ts';
import { contentRows } from './views/layout.ts';
import { pageSize, pageText } from './views/pages/page-frame.ts';
import { panelText } from './views/panel-text.ts';
import { screen, screenLayout } from './views/screen.ts';
import type { ScreenInput } from './views/screen-input.ts';

export interface ControllerOptions extends PaintOptions {
  readonly source: ModelSource;
  readonly ports: ScreenPorts;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
  /** The run goes when the viewer goes. */
  readonly endsRun?: boolean;
}

const MESSAGE_MS = 8_000;
/** A question that nobody answers is answered with no, as everywhere. */
const DIALOG_MS = 5 * 60_000;

export class Controller implements Stage {
  readonly frames: FrameStore;
  readonly #options: ControllerOptions;
  readonly #effects: EffectRunner;
  readonly #unsubscribe: () => void;
  readonly #message = new ForgetLater(MESSAGE_MS, () => this.set({ ...this.#ui, message: null }));
  readonly #dialog = new ForgetLater(DIALOG_MS, () =>
    this.set(say({ ...this.#ui, dialog: null }, 'nobody answered, so nothing was done', 'plain')),
  );
  #model: Model;
  #ui: UiState;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#model = options.source.getModel();
    this.#ui = followModel({ ...FIRST_UI, endsRun: options.endsRun ?? false }, null, this.#model);
    this.#effects = new EffectRunner(options.source, options.ports, this);
    this.frames = new FrameStore(() => this.#draw());
    this.#unsubscribe = options.source.subscribe(this.#onModel);
  }

  get ui(): UiState {
    return this.#ui;
  }

  get context(): UpdateContext {
    return {
      model: this.#model,
      sizes: this.#panelSizes(),
      isTooSmall: this.#isTooSmall(),
      pageSize: (page) => pageSize(this.#input(), page),
      visibleText: (place) =>
        typeof place === 'string' ? panelText(this.#input(), place) : pageText(this.#input(), place),
    };
  }

  /** What has to be said once at the beginning. */
  begin(): void {
    this.#options.ports.title(windowTitle(this.#model.report));
    if (this.#model.report.supervisor.alive === false) this.#options.ports.supervisorDied();
  }

  readonly onKeys = (keys: readonly string[]): void => {
    this.#effects.endSearch();
    for (const key of keys) this.#take(pressKey(this.#ui, key, this.context));
    this.#shown();
  };

  readonly onPaste = (text: string): void => {
    if (this.#isTooSmall()) return;
    this.#take(pasted(this.#ui, text));
    this.#shown();
  };

  /** The terminal has another size: a log that fits into it has nothing to scroll. */
  readonly onResize = (): void => {
    this.#take({ ui: refitLog(this.#ui, this.#model, this.#panelSizes()), effects: [] });
    this.#shown();
  };

  readonly say = (text: string, tone: 'plain' | 'bad'): void => this.set(say(this.#ui, text, tone));

  set(ui: UiState): void {
    this.#take({ ui, effects: [] });
    this.#shown();
  }

  update(updated: Updated): void {
    this.#take(updated);
    this.#shown();
  }

  /** Tells the supervisor, and shows its answer. */
  async tell(command: RunCommand): Promise<void> {
    await this.#effects.send(command);
  }

  close(): void {
    this.#unsubscribe();
    this.#effects.endSearch();
    this.#message.stop();
    this.#dialog.stop();
  }

  readonly #onModel = (): void => {
    const before = this.#model;
    const after = this.#options.source.getModel();
    this.#model = after;
    this.#take({ ui: followModel(this.#ui, before, after), effects: [] });
    const { ports } = this.#options;
    ports.title(windowTitle(after.report));
    if (needsBell(before.report, after.report)) ports.bell();
    if (after.report.supervisor.alive === false) ports.supervisorDied();
    this.#shown();
  };

  #take(updated: Updated): void {
    const { ui, effects } = holdAttempt(this.#ui, updated, this.#model);
    const { anchor, filter } = ui.log;
    if (anchor !== this.#ui.log.anchor || filter !== this.#ui.log.filter)
      this.#options.source.lookAtLog({ atEnd: anchor === 'end', filtered: filter !== '' });
    if (ui.dialog !== null && this.#ui.dialog === null) this.#options.source.lookAtChanges();
    this.#ui = ui;
    this.#message.show(ui.message);
    this.#dialog.show(ui.dialog);
    for (const effect of effects) this.#effects.run(effect);
  }

  /** Something on the screen may be other than it was: draws it, and reads what of the log is missing on it. */
  #shown(): void {
    this.#readLog();
    this.frames.refresh();
  }

  #readLog(): void {
    const { log } = this.#options.source;
    const missing = log === null ? null : missingLog(this.#ui, this.#model, this.#panelSizes());
    if (log === null || missing === null) return;
    const reading = { older: log.loadOlder, newer: log.loadNewer, end: log.toEnd }[missing].call(log);
    // What cannot be read now is asked for again with the next change.
    reading.catch(() => undefined);
  }

  #input(): ScreenInput {
    const { ports, timeZone } = this.#options;
    return { model: this.#model, ui: this.#ui, size: ports.size(), timeZone };
  }

  #draw() {
    const input = this.#input();
    const { columns } = input.size;
    const lines = screen(input).map((line) => paintRow(line, columns, this.#options));
    return { ...input.size, lines };
  }

  #isTooSmall(): boolean {
    return screenLayout(this.#input()).kind === 'too_small';
  }

  #panelSizes(): PanelSizes {
    const layout = screenLayout(this.#input());
    return { focusRows: contentRows(layout, this.#ui.focus), logRows: contentRows(layout, 'log') };
  }
}
