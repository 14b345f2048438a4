// Puts text where a person can paste it from: tmux's buffer (and through it the system's), else OSC 52.
import { execa } from 'execa';

type Environment = Readonly<Record<string, string | undefined>>;

/** tmux's own way to the terminal's clipboard is off by default for programs; its command is not (facts A.5 #5). */
export async function copyText(text: string, stdout: NodeJS.WriteStream, environment: Environment): Promise<void> {
  if (environment.TMUX !== undefined && environment.TMUX !== '') {
    const copied = await execa('tmux', ['load-buffer', '-w', '-'], { input: text, reject: false, timeout: 2_000 });
    if (copied.exitCode === 0) return;
  }
  stdout.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`);
}
