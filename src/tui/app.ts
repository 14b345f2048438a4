// The only React in the program: Ink's hold on the terminal, and the keys that it reads. It draws nothing
// (screen-writer.ts does).
import { useApp, useInput, usePaste } from 'ink';
import { useEffect } from 'react';
import { keyNames } from './keymap/key-names.ts';

export type SuspendTerminal = ReturnType<typeof useApp>['suspendTerminal'];

export interface AppProps {
  readonly onKeys: (keys: readonly string[]) => void;
  /** What was pasted, as the terminal tells it apart from typing (bracketed paste). */
  readonly onPaste: (text: string) => void;
  /** Gets the way to hand the terminal to another program. */
  readonly onReady: (suspendTerminal: SuspendTerminal) => void;
}

export function App({ onKeys, onPaste, onReady }: AppProps): null {
  const { suspendTerminal } = useApp();
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  usePaste(onPaste);
  useInput((input, key) => onKeys(keyNames(input, key)));
  return null;
}
