// The command line: what starts a run, how words and options reach a command, and how every failure is told.
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import { orMeant, readPositionals } from '../../config/positionals.ts';
import type { FlagValues } from '../../config/resolve-options.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import type { Mode } from '../../core/options.ts';
import { programVersion } from '../../system/package-files.ts';
import type { Commands } from './commands.ts';
import { type CommandContext, forPeople, say } from './context.ts';
import { failureOf } from './failure.ts';
import { EXAMPLES, LISTED_ELSEWHERE, overview, shortUsage } from './program-help.ts';
import { addRunOptions, flagsOf } from './program-options.ts';
import {
  addControls,
  addDemo,
  addHelp,
  addReaders,
  addSetUp,
  type Call,
  type SubcommandHost,
  type Values,
} from './subcommands.ts';

/**
 * Reads the command line and runs the command.
 * @param argv what stands behind the program's name
 * @returns the exit code; every failure is one line on stderr
 */
export async function runProgram(
  argv: readonly string[],
  context: CommandContext,
  commands: Commands,
): Promise<number> {
  try {
    const dashes = argv.indexOf('--');
    const own = dashes === -1 ? argv : argv.slice(0, dashes);
    const agentArguments = dashes === -1 ? null : argv.slice(dashes + 1);
    return await new Program(context, commands, agentArguments).run(own);
  } catch (error) {
    if (error instanceof CommanderError) return commanderEnd(error, context);
    const { line, exitCode } = failureOf(error);
    await say(context.stderr, `ralph-tui: ${line}`);
    return exitCode;
  }
}

class Program implements SubcommandHost {
  readonly context: CommandContext;
  readonly commands: Commands;
  /** What stood behind `--`; null without one. */
  readonly #agentArguments: readonly string[] | null;
  readonly #root: Command;
  #exitCode = 0;

  constructor(context: CommandContext, commands: Commands, agentArguments: readonly string[] | null) {
    this.context = context;
    this.commands = commands;
    this.#agentArguments = agentArguments;
    this.#root = this.#makeRoot();
    this.#addStart('build', '[max]', 'do the tasks of the plan, one an iteration; also: ralph-tui 20');
    this.#addStart('plan', '[max]', 'write the plan, until an iteration leaves it as it was');
    this.#addStart(
      'plan-work',
      '"what" [max]',
      'write a plan for one piece of work, on the branch that you are on (max: 5)',
    );
    addReaders(this);
    addControls(this);
    addSetUp(this);
    addDemo(this);
    addHelp(this);
  }

  async run(argv: readonly string[]): Promise<number> {
    this.#refuseUnknown(argv[0]);
    await this.#root.parseAsync([...argv], { from: 'user' });
    return this.#exitCode;
  }

  add(name: string, group: string, what: string): Command {
    return this.#root.command(name).helpGroup(group).description(what).allowExcessArguments(false);
  }

  action(call: Call): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      if (this.#agentArguments !== null) throw new ConfigError(`${command.name()} takes nothing behind --`);
      await this.#call(call, given);
    };
  }

  runOptionsAction(
    call: (values: Values, flags: FlagValues) => Promise<number>,
  ): (...given: unknown[]) => Promise<void> {
    return async (...given) => this.#call((values) => call(values, this.#withAgentArguments(flagsOf(values))), given);
  }

  help(name: string | undefined): number {
    const command = name === undefined ? this.#root : this.#root.commands.find((known) => known.name() === name);
    if (command === undefined) throw new ConfigError(`"${name}" is no command; ${orMeant(name ?? '', this.#names())}`);
    command.outputHelp();
    return EXIT_CODES.finished;
  }

  /** Before commander complains of the options of a command that it does not know. */
  #refuseUnknown(first: string | undefined): void {
    const names = this.#names();
    if (first !== undefined && !first.startsWith('-') && !names.includes(first)) readPositionals(null, [first], names);
  }

  #names(): string[] {
    return this.#root.commands.map((command) => command.name());
  }

  #makeRoot(): Command {
    const { stdout } = this.context;
    const root = new Command('ralph-tui')
      .description(
        'Runs claude again and again on a repository, each time in a fresh sandbox, and tells how each one ended.',
      )
      .usage('[build|plan|plan-work "what"] [max] [options] [-- for claude]')
      .argument('[words...]')
      .version(programVersion(), '-V, --version', 'print the version')
      .helpOption('-h, --help', 'print this help')
      .helpCommand(false)
      .enablePositionalOptions()
      .exitOverride()
      .configureHelp({ subcommandTerm: shortUsage, groupItems: overview })
      .configureOutput({
        writeOut: (text) => void stdout.write(forPeople(stdout, text)),
        // Errors are told in one line by `commanderEnd`.
        writeErr: () => undefined,
        getOutHelpWidth: () => stdout.columns,
        getOutHasColors: () => false,
      })
      .addHelpText('after', EXAMPLES);
    root.action(async (words: string[], values: Values) => this.#start(null, words, values));
    return addRunOptions(root, { group: LISTED_ELSEWHERE });
  }

  #addStart(mode: Mode, words: string, what: string): void {
    const command = this.#root
      .command(mode)
      .helpGroup('Start:')
      .usage(`${words} [options] [-- claude arguments]`)
      .argument('[words...]')
      .description(what);
    addRunOptions(command).action(async (typed: string[], values: Values) => this.#start(mode, typed, values));
  }

  async #start(mode: Mode | null, words: readonly string[], values: Values): Promise<void> {
    const { max, ...asked } = readPositionals(mode, words, this.#names());
    // Options may stand before the mode, too; those behind it count more.
    const flags = this.#withAgentArguments(flagsOf({ ...this.#root.opts(), ...values }));
    if (max !== null && flags.maxIterations !== undefined && flags.maxIterations !== max) {
      throw new ConfigError(`two maximums, ${max} and --max-iterations ${flags.maxIterations}; give one`);
    }
    const withMax = max === null ? flags : { ...flags, maxIterations: max };
    this.#exitCode = await this.commands.start(this.context, { ...asked, flags: withMax });
  }

  /** @param given what commander hands to an action: arguments, options, the command */
  async #call(call: Call, given: readonly unknown[]): Promise<void> {
    const command = given.at(-1) as Command;
    const name = command.name();
    if (Object.keys(this.#root.opts()).length > 0) {
      throw new ConfigError(`write the options of ${name} behind it: ralph-tui ${name} …`);
    }
    this.#exitCode = await call(command.opts(), typeof given[0] === 'string' ? given[0] : undefined);
  }

  #withAgentArguments(flags: FlagValues): FlagValues {
    return this.#agentArguments === null ? flags : { ...flags, agentArguments: this.#agentArguments };
  }
}

/** Help and version end well; anything else was typed wrongly. */
async function commanderEnd(error: CommanderError, context: CommandContext): Promise<number> {
  if (error.exitCode === 0) return EXIT_CODES.finished;
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  await say(context.stderr, `ralph-tui: ${message}; see: ralph-tui --help`);
  return EXIT_CODES.usage;
}
