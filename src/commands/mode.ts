// `ralph-tui mode build|plan`: plan again in the middle of a build, and back.
import { ConfigError } from '../config/config-error.ts';
import { tell } from './control.ts';
import type { CommandContext } from './line/context.ts';

export interface ModeOptions {
  /** As typed. */
  readonly mode: string;
}

export async function modeCommand(context: CommandContext, { mode }: ModeOptions): Promise<number> {
  if (mode !== 'build' && mode !== 'plan')
    throw new ConfigError(`"${mode}" is no mode to go on with; write build or plan`);
  return tell(context, () => ({ name: 'set_mode', mode }));
}
