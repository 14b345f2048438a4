// Shows the start screen and waits for a choice. The terminal is given back on every way out.
import { hasUnicode } from '../../text/glyphs.ts';
import { mountApp } from '../mount-app.ts';
import { paintRow } from '../paint.ts';
import { ScreenWriter } from '../screen-writer.ts';
import { sizeOf } from '../terminal/size.ts';
import { TerminalModes } from '../terminal/terminal-modes.ts';
import { colourMode } from '../theme.ts';
import { PASTED } from '../ui/pasted.ts';
import type { StartFacts } from './start-facts.ts';
import { FIRST_VIEW, pressStartKey, type StartChoice } from './start-keys.ts';
import { startScreen } from './start-screen.ts';

export interface StartScreenOptions {
  readonly facts: StartFacts;
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends it as `quit`: a signal, a terminal that is gone. */
  readonly signal: AbortSignal;
}

export async function runStartScreen({
  facts,
  stdout,
  stdin,
  environment,
  signal,
}: StartScreenOptions): Promise<StartChoice> {
  const modes = new TerminalModes(stdout);
  const writer = new ScreenWriter(stdout);
  const choice = Promise.withResolvers<StartChoice>();
  const paint = { colours: colourMode(environment), unicode: hasUnicode(environment) };
  let view = FIRST_VIEW;
  const frame = () => {
    const size = sizeOf(stdout);
    const lines = startScreen(facts, size, Date.now(), view).map((text) => paintRow(text, size.columns, paint));
    return { ...size, lines };
  };
  const onKeys = (names: readonly string[]) => {
    for (const name of names) {
      const pressed = pressStartKey(facts, view, name);
      if (typeof pressed === 'string') return choice.resolve(pressed);
      view = pressed;
    }
    writer.draw(frame());
  };
  const onPaste = () => {
    view = { ...view, said: PASTED };
    writer.draw(frame());
  };
  const onResize = () => writer.drawAnew(frame());
  signal.addEventListener('abort', () => choice.resolve('quit'), { once: true });
  modes.set();
  const instance = mountApp({ stdout, stdin, onKeys, onPaste, onReady: () => undefined });
  try {
    stdout.on('resize', onResize);
    writer.drawAnew(frame());
    modes.title('ralph-tui');
    return await choice.promise;
  } finally {
    stdout.off('resize', onResize);
    writer.pause();
    instance.unmount();
    await instance.waitUntilExit().catch(() => undefined);
    // What is typed from here on is for whoever comes next.
    stdin.pause();
    modes.restore();
  }
}
