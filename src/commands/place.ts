// Where the runs of the current folder's repository are.
import { repositoryFolders, repositoryKey, stateRoot } from '../journal/folders.ts';
import { homeFolder } from '../system/home-folder.ts';
import { findRun } from '../viewer/find-run.ts';
import { locateRepository } from '../workspace/locate.ts';
import type { CommandContext, Place, RunPlace } from './line/context.ts';

/** @throws RepositoryError when the current folder is in no suitable repository. */
export async function findPlace(context: Pick<CommandContext, 'cwd' | 'environment'>): Promise<Place> {
  const repository = await locateRepository(context.cwd);
  const root = stateRoot(context.environment, homeFolder(context.environment));
  return { repository, folders: repositoryFolders(root, repositoryKey(repository.top)) };
}

/**
 * The newest run, or the one whose id begins like that.
 * @throws RepositoryError, FindRunError
 */
export async function findRunPlace(context: CommandContext, idPrefix: string | null = null): Promise<RunPlace> {
  const place = await findPlace(context);
  return { ...place, run: await findRun(place.folders, idPrefix) };
}
