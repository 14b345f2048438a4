// What the command line can call: given to the program as functions, so that tests can drive it.
import type { ConfigOptions } from '../config.ts';
import type { StopOptions } from '../control.ts';
import type { DemoOptions } from '../demo.ts';
import type { ImageOptions } from '../image.ts';
import type { InspectOptions } from '../inspect.ts';
import type { LoginOptions } from '../login.ts';
import type { LogsOptions } from '../logs.ts';
import type { ModeOptions } from '../mode.ts';
import type { ReceiptsOptions } from '../receipts.ts';
import type { StartRequest } from '../start/start-request.ts';
import type { StatusOptions } from '../status.ts';
import type { UndoOptions } from '../undo.ts';
import type { CommandContext } from './context.ts';

type Command<Options> = (context: CommandContext, options: Options) => Promise<number>;
type PlainCommand = (context: CommandContext) => Promise<number>;

/** Each resolves with the exit code. */
export interface Commands {
  readonly start: Command<StartRequest>;
  readonly status: Command<StatusOptions>;
  readonly receipts: Command<ReceiptsOptions>;
  readonly logs: Command<LogsOptions>;
  readonly inspect: Command<InspectOptions>;
  readonly why: PlainCommand;
  readonly pause: PlainCommand;
  readonly resume: Command<{ readonly next: boolean }>;
  readonly stop: Command<StopOptions>;
  readonly kill: PlainCommand;
  readonly restart: PlainCommand;
  readonly mode: Command<ModeOptions>;
  readonly undo: Command<UndoOptions>;
  readonly image: Command<ImageOptions>;
  readonly login: Command<LoginOptions>;
  readonly config: Command<ConfigOptions>;
  readonly demo: Command<DemoOptions>;
}

/**
 * Every command but `start`, each loaded when it is called: `status --line` is drawn every few seconds and must not
 * load the Docker client.
 */
export const READER_COMMANDS: Omit<Commands, 'start'> = {
  status: async (context, options) => (await import('../status.ts')).statusCommand(context, options),
  receipts: async (context, options) => (await import('../receipts.ts')).receiptsCommand(context, options),
  logs: async (context, options) => (await import('../logs.ts')).logsCommand(context, options),
  inspect: async (context, options) => (await import('../inspect.ts')).inspectCommand(context, options),
  why: async (context) => (await import('../why.ts')).whyCommand(context),
  pause: async (context) => (await import('../control.ts')).pauseCommand(context),
  resume: async (context, options) => (await import('../resume.ts')).resumeCommand(context, options),
  stop: async (context, options) => (await import('../control.ts')).stopCommand(context, options),
  kill: async (context) => (await import('../control.ts')).killCommand(context),
  restart: async (context) => (await import('../control.ts')).restartCommand(context),
  mode: async (context, options) => (await import('../mode.ts')).modeCommand(context, options),
  undo: async (context, options) => (await import('../undo.ts')).undoCommand(context, options),
  image: async (context, options) => (await import('../image.ts')).imageCommand(context, options),
  login: async (context, options) => (await import('../login.ts')).loginCommand(context, options),
  config: async (context, options) => (await import('../config.ts')).configCommand(context, options),
  demo: async (context, options) => (await import('../demo.ts')).demoCommand(context, options),
};
