// What we set on the terminal beside what Ink sets, and take back on every way out.
import { writeSync } from 'node:fs';

/** No line ever wraps: where our count of cells and the terminal's differ, a row is clipped instead of shifting the
 * whole screen (facts A.5 #1). */
const NO_WRAP = '\x1b[?7l';
const WRAP = '\x1b[?7h';
const ENTER_SCREEN = '\x1b[?1049h\x1b[?25l';
const LEAVE_SCREEN = '\x1b[?1049l\x1b[?25h';
/** Ink's, which it takes back where it ends by itself. */
const NO_BRACKETED_PASTE = '\x1b[?2004l';
/** xterm's stack of titles: what was there before comes back. */
const PUSH_TITLE = '\x1b[22;2t';
const POP_TITLE = '\x1b[23;2t';

export class TerminalModes {
  readonly #stdout: NodeJS.WriteStream;
  #isSet = false;
  #title = '';

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout;
  }

  /** Call it before Ink takes the terminal, and after it was given to somebody else. */
  set(): void {
    if (!this.#isSet) process.on('exit', this.#atExit);
    this.#isSet = true;
    this.#title = '';
    this.#stdout.write(PUSH_TITLE + NO_WRAP);
  }

  /** The alternate screen, before Ink takes it over; entering twice is entering once. */
  enterScreen(): void {
    this.#stdout.write(ENTER_SCREEN);
  }

  /** Where Ink never came to give it back, and harmless where it did. */
  leaveScreen(): void {
    if (this.#isSet) this.#stdout.write(LEAVE_SCREEN);
  }

  /** Call it when Ink has given the terminal back. */
  restore(): void {
    if (!this.#isSet) return;
    this.#isSet = false;
    process.off('exit', this.#atExit);
    this.#stdout.write(WRAP + POP_TITLE);
  }

  title(text: string): void {
    if (text === this.#title || !this.#isSet) return;
    this.#title = text;
    this.#stdout.write(`\x1b]2;${text}\x07`);
  }

  bell(): void {
    this.#stdout.write('\x07');
  }

  /** The process ends without having come to `restore`: what is written now has to be written at once. */
  readonly #atExit = (): void => {
    this.#isSet = false;
    try {
      writeSync(fileDescriptor(this.#stdout), LEAVE_SCREEN + NO_BRACKETED_PASTE + WRAP + POP_TITLE);
    } catch {
      // The terminal is gone: there is nothing to restore.
    }
  };
}

function fileDescriptor(stream: NodeJS.WriteStream): number {
  return 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : 1;
}
