// A start as it was typed, and how it becomes the options of a run.
import { personFilePath, readPersonFile } from '../../config/person-file.ts';
import type { Asked } from '../../config/positionals.ts';
import { type FlagValues, type ResolvedOptions, resolveOptions } from '../../config/resolve-options.ts';
import type { CommandContext } from '../line/context.ts';

export interface StartRequest extends Omit<Asked, 'max'> {
  /** Flags by option key; the number behind the mode is in `maxIterations`. */
  readonly flags: FlagValues;
}

/**
 * Flags, environment and the person's file together.
 * @param repository real path of the repository's top folder; null outside of any
 * @param engineMemoryBytes null when nobody asked the engine (yet): no error depends on it
 * @throws ConfigError, one line
 */
export async function resolveStart(
  context: Pick<CommandContext, 'cwd' | 'environment'>,
  request: StartRequest,
  { repository, engineMemoryBytes }: { readonly repository: string | null; readonly engineMemoryBytes: number | null },
): Promise<ResolvedOptions> {
  const filePath = personFilePath(context.environment);
  return resolveOptions({
    flags: request.flags,
    environment: context.environment,
    file: await readPersonFile(filePath),
    filePath,
    mode: request.mode,
    work: request.work,
    repository,
    cwd: context.cwd,
    engineMemoryBytes,
  });
}
