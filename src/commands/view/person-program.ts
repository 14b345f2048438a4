// Programs of the person's own choice: pager and editor.
import { homedir } from 'node:os';
import { whyNotExecutable } from '../../sandbox/host/command-lookup.ts';
import type { CommandContext } from '../line/context.ts';

export interface PersonProgram {
  /** Variables that name it, the first that is set counts. */
  readonly variables: readonly string[];
  /** What is tried without one, in this order. */
  readonly otherwise: readonly string[];
}

export const PAGER: PersonProgram = { variables: ['PAGER'], otherwise: ['less', 'more'] };
export const EDITOR: PersonProgram = { variables: ['VISUAL', 'EDITOR'], otherwise: ['editor', 'vi', 'nano'] };

export type FoundProgram =
  | { readonly argv: (path: string) => readonly string[]; readonly environment: Readonly<Record<string, string>> }
  | { readonly why: string };

/** The program with its arguments, as a shell reads them; or why there is none. */
export function findProgram(context: CommandContext, { variables, otherwise }: PersonProgram): FoundProgram {
  const environment = context.personEnvironment ?? context.environment;
  const chosen = variables
    .map((name) => environment[name])
    .find((command) => command !== undefined && command.trim() !== '');
  const isThere = (command: string) => whyNotExecutable(firstWord(command), homedir(), environment.PATH ?? '') === null;
  const command = chosen ?? otherwise.find(isThere);
  if (command === undefined) return { why: `there is no ${otherwise.join(', ')} here; set $${variables.at(-1)}` };
  if (!isThere(command))
    return { why: `${firstWord(command)} is not there; set $${variables.at(-1)} to a program that is` };
  return { argv: (path) => ['sh', '-c', `${command} "$1"`, 'sh', path], environment: own(environment) };
}

/** A command that begins with a quote or a variable is for the shell to understand. */
function firstWord(command: string): string {
  const [word = ''] = command.trim().split(/\s+/);
  return /^[\w./+-]+$/.test(word) ? word : 'sh';
}

function own(environment: CommandContext['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
