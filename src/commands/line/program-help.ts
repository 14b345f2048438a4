// What the help of the whole program looks like: an overview of commands, with examples.
import { type Command, Help, type Option } from 'commander';

/** Heading of the options that the overview leaves out: `ralph-tui build --help` has them. */
export const LISTED_ELSEWHERE = 'Options of a start:';

/** Leaves that group out. Options that are hidden instead would not be suggested for those that are mistyped. */
export function overview<Item extends Command | Option>(
  this: Help,
  unsorted: Item[],
  visible: Item[],
  groupOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = Help.prototype.groupItems.call(this, unsorted, visible, groupOf as never) as Map<string, Item[]>;
  groups.delete(LISTED_ELSEWHERE);
  return groups;
}

/** What a list of commands says of one: its arguments, without what most of them take. */
export function shortUsage(command: Command): string {
  return `${command.name()} ${command.usage()}`.replace(/ \[(options|-- claude arguments)\]/g, '').trim();
}

export const EXAMPLES = `
Options of a start, such as --memory and --network: ralph-tui build --help

Examples:
  ralph-tui                          the live run, or what could be started
  ralph-tui plan 5                   write the plan, in 5 iterations at most
  ralph-tui 20 --memory 12g          20 tasks of the plan, 12 GiB for each
  ralph-tui plan-work "user login"   a plan for one piece of work
  ralph-tui build -- --effort high   hand arguments to claude
  ralph-tui status --watch 5         how it stands, again every 5 seconds
  ralph-tui logs -f --tool Bash      the agent's commands, as they come
  ralph-tui stop --after-iteration   end the run when the iteration is done

A flag counts more than the environment, that more than your own file (see
ralph-tui config), and that more than the default.

Exit codes: 0 finished or maximum reached, 1 internal error, 2 command line or
repository, 3 stopped by you, 4 budget, 5 needs you, 6 gave up, 7 environment
(no engine, no image, no disk).
`;
