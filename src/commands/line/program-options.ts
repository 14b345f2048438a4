// The options of a run on the command line, made from the option table.
import { type Command, Option } from 'commander';
import type { RawValue } from '../../config/option-definition.ts';
import { OPTION_KEYS, OPTION_TABLE, type OptionKey } from '../../config/option-table.ts';
import type { FlagValues } from '../../config/resolve-options.ts';

export interface RunOptionsChoice {
  /** Default: all of them. */
  readonly keys?: readonly OptionKey[];
  /** Heading in the help. */
  readonly group?: string;
}

/** Adds the options of a run to a command. */
export function addRunOptions(command: Command, choice: RunOptionsChoice = {}): Command {
  const { keys = OPTION_KEYS, group } = choice;
  for (const key of keys) {
    const { kind, flag, help, defaultText, hidden, inFile, environment } = OPTION_TABLE[key];
    // What stands behind `--` is taken off before commander sees it.
    if (flag === '--') continue;
    const notes = [environment.map((name) => `$${name}`).join(', '), kind === 'value' ? `default: ${defaultText}` : '']
      .filter((note) => note !== '')
      .join('; ');
    const option = new Option(flag, notes === '' ? help : `${help} (${notes})`).hideHelp(hidden);
    if (group !== undefined) option.helpGroup(group);
    if (kind === 'list') option.argParser((item: string, before: string[] | undefined) => [...(before ?? []), item]);
    command.addOption(option);
    // The way back from what the person's file switches on.
    if (kind === 'switch' && inFile) command.addOption(new Option(`--no-${flag.slice(2)}`).hideHelp());
  }
  return command;
}

/** The run's options among what commander has read. */
export function flagsOf(values: Readonly<Record<string, unknown>>): FlagValues {
  const flags: FlagValues = {};
  for (const key of OPTION_KEYS) if (values[key] !== undefined) flags[key] = values[key] as RawValue;
  return flags;
}
