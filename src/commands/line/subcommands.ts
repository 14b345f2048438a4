// The commands beside those that start a run: their words, their options, and what they call.
import type { Command } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import type { FlagValues } from '../../config/resolve-options.ts';
import type { Commands } from './commands.ts';
import type { CommandContext } from './context.ts';
import { addRunOptions, flagsOf } from './program-options.ts';

export type Values = Readonly<Record<string, unknown>>;

/** Runs a command with its options and its first argument; resolves with the exit code. */
export type Call = (values: Values, argument: string | undefined) => Promise<number>;

/** The program that the commands are added to. */
export interface SubcommandHost {
  readonly context: CommandContext;
  readonly commands: Commands;
  add(name: string, group: string, what: string): Command;
  action(call: Call): (...given: unknown[]) => Promise<void>;
  /** Prints the help of a command, or of the program; the exit code. */
  help(name: string | undefined): number;
  /** For a command that takes the options of a run, and what stands behind `--`. */
  runOptionsAction(
    call: (values: Values, flags: FlagValues) => Promise<number>,
  ): (...given: unknown[]) => Promise<void>;
}

export function addReaders(host: SubcommandHost): void {
  const { context, commands } = host;
  host
    .add('status', 'Look:', 'how the run stands')
    .option('--json', 'as one JSON object, for scripts')
    .option('--line', 'as one line of at most 60 cells, for a status bar')
    .option('--watch [seconds]', 'again and again (every 2 seconds), until the run is finished')
    .action(
      host.action(async ({ json, line, watch }) => {
        if (json && line) throw new ConfigError('--json and --line exclude each other');
        const watchSeconds = watch === undefined ? null : readSeconds(watch === true ? '2' : String(watch));
        return commands.status(context, { format: json ? 'json' : line ? 'line' : 'text', watchSeconds });
      }),
    );
  host
    .add('why', 'Look:', 'why nothing happens: tool, last output, commit and tick, what blocks')
    .action(host.action(async () => commands.why(context)));
  host
    .add('receipts', 'Look:', 'what every attempt did and cost')
    .argument('[run]', "beginning of a run's id (default: the newest run)")
    .option('--json', 'as JSON, for scripts')
    .action(
      host.action(async ({ json }, run) =>
        commands.receipts(context, { run: run ?? null, format: json ? 'json' : 'text' }),
      ),
    );
  host
    .add('logs', 'Look:', 'what the agent said and did')
    .argument('[iteration]', 'such as 7, or 7.2 for its second attempt (default: the newest)')
    .option('-f, --follow', 'go on with what comes, until the run ends')
    .option('--raw', "the agent's own lines (stream-json), as they are")
    .option('--tool <name>', 'only calls of this tool, such as Bash, and what they answered')
    .option('--run <id>', 'of an earlier run')
    .action(
      host.action(async ({ follow, raw, tool, run }, attempt) => {
        if (raw && tool !== undefined) throw new ConfigError('--raw and --tool exclude each other');
        return commands.logs(context, {
          attempt: attempt ?? null,
          run: asText(run),
          follow: follow === true,
          raw: raw === true,
          tool: asText(tool),
        });
      }),
    );
  addInspect(host);
}

/** Beside the readers of runs: it needs no run and no repository. */
function addInspect(host: SubcommandHost): void {
  const { context, commands } = host;
  const inspect = host
    .add('inspect', 'Look:', 'how an attempt ended and what it cost, from its raw log')
    .argument('<file...>', 'raw logs (stream-json), also of other tools, or folders with such')
    .option('--exit-code <code>', 'what the agent ended with')
    .option('--stderr <file>', 'what it wrote to standard error')
    .option('--oom-killed', 'something in its sandbox was killed for memory')
    .option('--stopped', 'somebody stopped it on purpose')
    .option('--json', 'one JSON object a line, for scripts');
  inspect.action(
    host.action(async ({ exitCode, stderr, oomKilled, stopped, json }) =>
      commands.inspect(context, {
        paths: inspect.args,
        exitCode: exitCode === undefined ? null : readExitCode(String(exitCode)),
        stderrPath: asText(stderr),
        oomKilled: oomKilled === true,
        stopped: stopped === true,
        format: json ? 'json' : 'text',
      }),
    ),
  );
}

export function addControls(host: SubcommandHost): void {
  const { context, commands } = host;
  host
    .add('pause', 'Steer:', 'pause after the running iteration')
    .action(host.action(async () => commands.pause(context)));
  host
    .add('resume', 'Steer:', 'go on: ends a pause or a wait, takes back a pause or stop to come')
    .option('--next', 'skip the iteration that was stopped')
    .action(host.action(async ({ next }) => commands.resume(context, { next: next === true })));
  host
    .add('stop', 'Steer:', 'end the run now; what the agent has not committed stays in the work tree')
    .option('--after-iteration', 'let the running iteration end first')
    .option('--attempt', 'end the running attempt only, and pause')
    .action(
      host.action(async ({ afterIteration, attempt }) => {
        if (afterIteration && attempt) throw new ConfigError('--after-iteration and --attempt exclude each other');
        const when = afterIteration ? 'after_iteration' : attempt ? 'attempt' : 'now';
        return commands.stop(context, { when });
      }),
    );
  host
    .add('kill', 'Steer:', 'kill every process of the running attempt, and pause')
    .action(host.action(async () => commands.kill(context)));
  host
    .add('restart', 'Steer:', 'the same iteration again, with a fresh context')
    .action(host.action(async () => commands.restart(context)));
  host
    .add('mode', 'Steer:', 'from the next iteration on: plan again until the plan stays as it is, or build')
    .argument('<mode>', 'plan or build')
    .action(host.action(async (_, mode) => commands.mode(context, { mode: mode ?? '' })));
  host
    .add('undo', 'Steer:', 'back to the state before an iteration; what is thrown away is kept')
    .argument('[iteration]', 'such as 7 (default: the newest)')
    .option('--yes', 'do not ask')
    .action(
      host.action(async ({ yes }, iteration) =>
        commands.undo(context, {
          iteration: iteration === undefined ? null : readIteration(iteration),
          yes: yes === true,
        }),
      ),
    );
}

export function addSetUp(host: SubcommandHost): void {
  const { context, commands } = host;
  const image = host
    .add('image', 'Set up:', 'build the sandbox image')
    .option('--base <image>', 'the image to build on')
    .option('--claude-code <version>', 'version of Claude Code')
    .option('--extra-ca <file>', 'certificates that the image shall trust (PEM)');
  addRunOptions(image, { keys: ['image'] }).action(
    host.action(async (values) =>
      commands.image(context, {
        base: asText(values.base),
        claudeCode: asText(values.claudeCode),
        extraCa: asText(values.extraCa),
        flags: flagsOf(values),
      }),
    ),
  );
  host
    .add('login', 'Set up:', 'keep the token of claude setup-token (typed, or from standard input)')
    .option('--remove', 'forget the token')
    .action(host.action(async ({ remove }) => commands.login(context, { remove: remove === true })));
  const config = host
    .add('config', 'Set up:', 'show what holds here and why, keep options, or take them back')
    .option('--show', 'every option, its value, and where it comes from (the default)')
    .option('--save', 'keep the options that follow in your own file, for this repository')
    .option('--unset <name>', 'take a kept option back, by its flag or key; may be repeated', collected)
    .option('--all', 'with --save or --unset: for every repository')
    .option('--mode <mode>', 'for one mode only: build, plan or plan-work');
  addRunOptions(config).action(
    host.runOptionsAction(async (values, flags) => {
      if (values.save && values.show) throw new ConfigError('--save and --show exclude each other');
      const unset = (values.unset ?? []) as readonly string[];
      if (unset.length > 0 && (values.save || values.show))
        throw new ConfigError('--unset and --save or --show exclude each other');
      if (values.all && !values.save && unset.length === 0) throw new ConfigError('--all goes with --save or --unset');
      return commands.config(context, {
        save: values.save === true,
        unset,
        forAll: values.all === true,
        mode: asText(values.mode),
        flags,
      });
    }),
  );
}

export function addDemo(host: SubcommandHost): void {
  host
    .add('demo', 'Set up:', 'try it: a scratch repository and a scripted agent, no key, no Docker')
    .option('--headless', 'run to the end without a terminal, and print the receipts')
    .option('--plain', 'one line a fact instead of a screen')
    .action(
      host.action(async ({ headless, plain }) =>
        host.commands.demo(host.context, { headless: headless === true, plain: plain === true }),
      ),
    );
}

export function addHelp(host: SubcommandHost): void {
  host
    .add('help', 'Look:', 'print this help, or that of a command')
    .argument('[command]')
    .action(host.action(async (_, name) => host.help(name)));
}

function collected(item: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), item];
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function readExitCode(text: string): number {
  const code = /^\d{1,3}$/.test(text) ? Number(text) : 256;
  if (code > 255) throw new ConfigError(`--exit-code: "${text}" is no exit code; write 0 to 255 (128 and the signal)`);
  return code;
}

function readIteration(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new ConfigError(`"${text}" is no iteration; write its number, such as 7`);
  return Number(text);
}

function readSeconds(text: string): number {
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds < 0.1) throw new ConfigError(`--watch: "${text}" is no number of seconds; write 0.1 or more, such as 5`);
  return seconds;
}
