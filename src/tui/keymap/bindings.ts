// The one table of keys. Handler, footer, help and README are made from it; a key that is not in here does nothing.
import type { Binding } from './binding.ts';
import { LOG_KEYS } from './log-keys.ts';
import { LOOK_KEYS } from './look-keys.ts';
import { MOVE_KEYS } from './move-keys.ts';
import { RUN_KEYS } from './run-keys.ts';
import { SCREEN_KEYS } from './screen-keys.ts';

/** Everything that a key can do. */
export type ActionId = (
  | typeof RUN_KEYS
  | typeof LOOK_KEYS
  | typeof LOG_KEYS
  | typeof MOVE_KEYS
  | typeof SCREEN_KEYS
)[number]['id'];

export type ActionBinding = Binding<ActionId>;

export interface KeyGroup {
  readonly heading: string;
  readonly bindings: readonly ActionBinding[];
}

/** In the order of help and README. */
export const KEY_GROUPS = {
  run: { heading: 'The run', bindings: RUN_KEYS },
  look: { heading: 'Looking into it', bindings: LOOK_KEYS },
  screen: { heading: 'The screen', bindings: SCREEN_KEYS },
  move: { heading: 'Moving', bindings: MOVE_KEYS },
  log: { heading: 'The log', bindings: LOG_KEYS },
} as const satisfies Readonly<Record<string, KeyGroup>>;

/** In the order of the footer: how to get help and how to get out are the last. */
export const BINDINGS: readonly ActionBinding[] = [
  ...RUN_KEYS,
  ...LOOK_KEYS,
  ...LOG_KEYS,
  ...MOVE_KEYS,
  ...SCREEN_KEYS,
];

const BY_KEY: ReadonlyMap<string, ActionBinding> = new Map(
  BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)),
);

export function bindingFor(key: string): ActionBinding | null {
  return BY_KEY.get(key) ?? null;
}
