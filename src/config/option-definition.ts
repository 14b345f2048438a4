// The shape of one option: from it come the command line, the person's file and the table in the README.
import type { Mode } from '../core/options.ts';
import { InvalidValueError } from '../text/invalid-value-error.ts';

/** An option's value before it is parsed: from a flag, a variable or the person's file. */
export type RawValue = string | number | boolean | readonly string[];

/** What defaults may depend on. */
export interface DefaultFacts {
  readonly mode: Mode;
  /** Memory of the machine that runs the containers; null when nobody asked it. */
  readonly engineMemoryBytes: number | null;
}

export interface OptionDefinition<Value> {
  /** `value` takes one, `switch` takes none, `list` may be repeated. */
  readonly kind: 'value' | 'switch' | 'list';
  /** In commander's notation, `--memory <size>`; `--` alone for what stands behind it. */
  readonly flag: string;
  /** Variables that set it, the strongest first. */
  readonly environment: readonly string[];
  /** Whether the person's file may set it: not what is meant for one start only. */
  readonly inFile: boolean;
  /** Left out of the help: for tests and the demo. */
  readonly hidden: boolean;
  readonly help: string;
  /** The default in words, for help and README. */
  readonly defaultText: string;
  readonly default: (facts: DefaultFacts) => Value;
  /** @throws InvalidValueError saying what is allowed. */
  readonly read: (raw: RawValue) => Value;
  /** The value as a person would write it. */
  readonly show: (value: Value) => string;
}

interface Common<Value> {
  readonly flag: string;
  readonly help: string;
  readonly defaultText: string;
  readonly default: (facts: DefaultFacts) => Value;
  readonly environment?: readonly string[];
  readonly inFile?: boolean;
  readonly hidden?: boolean;
}

/** An option with one value. */
export function valueOption<Value>(
  own: Common<Value> & { readonly parse: (text: string) => Value; readonly show?: (value: Value) => string },
): OptionDefinition<Value> {
  return {
    ...shared(own),
    kind: 'value',
    show: own.show ?? ((value) => (value === null ? 'none' : String(value))),
    read: (raw) => {
      if (typeof raw !== 'string' && typeof raw !== 'number') throw new InvalidValueError('takes one value');
      const text = String(raw).trim();
      if (text === '') throw new InvalidValueError('is empty');
      return own.parse(text);
    },
  };
}

/** An option that is on or off. */
export function switchOption(own: Omit<Common<boolean>, 'default' | 'defaultText'>): OptionDefinition<boolean> {
  return {
    ...shared({ ...own, defaultText: 'off', default: () => false }),
    kind: 'switch',
    show: (value) => (value ? 'on' : 'off'),
    read: (raw) => {
      if (typeof raw !== 'boolean') throw new InvalidValueError('is on or off; allowed: true, false');
      return raw;
    },
  };
}

/** An option that collects several values; a stronger source replaces the whole list. */
export function listOption(
  own: Omit<Common<readonly string[]>, 'default'> & { readonly parseItem: (text: string) => string },
): OptionDefinition<readonly string[]> {
  return {
    ...shared({ ...own, default: () => [] }),
    kind: 'list',
    show: (value) => (value.length === 0 ? 'none' : value.join(' ')),
    read: (raw) => {
      if (!Array.isArray(raw)) throw new InvalidValueError('takes a list');
      return raw.map((item) => own.parseItem(String(item)));
    },
  };
}

function shared<Value>(own: Common<Value>) {
  return {
    flag: own.flag,
    help: own.help,
    defaultText: own.defaultText,
    default: own.default,
    environment: own.environment ?? [],
    inFile: own.inFile ?? true,
    hidden: own.hidden ?? false,
  };
}
