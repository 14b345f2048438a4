// Hands the terminal to Ink: alternate screen, raw mode, keys. Loaded after the first frame, since it is most of what
// there is to load.
import { type Instance, render } from 'ink';
import { createElement } from 'react';
import { App, type AppProps } from './app.ts';
import { modesOnly } from './terminal/modes-only.ts';

export interface MountOptions extends AppProps {
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
}

export function mountApp({ stdout, stdin, ...props }: MountOptions): Instance {
  return render(createElement(App, props), {
    stdout: modesOnly(stdout),
    stdin,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
  });
}
