// Fills the exchange folders of an attempt: the prompt in the inbox, the shell wrapper in the agent's folder.
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { type ExchangeFolders, exchangeFolders, type RepositoryFolders } from '../../journal/folders.ts';
import { makeExchangeFolders } from '../../journal/make-folders.ts';
import { writeShellPrefix } from '../../sandbox/shell-prefix.ts';

export const PROMPT_FILE = 'prompt.md';
export const CONFIG_FOLDER = 'claude';

/**
 * Makes them anew: what a start that came to nothing left there is thrown away.
 * @param user who the agent runs as, inside
 */
export async function fillExchange(
  folders: RepositoryFolders,
  run: string,
  ref: AttemptRef,
  prompt: string,
  user: { readonly uid: number; readonly gid: number },
): Promise<ExchangeFolders> {
  await rm(exchangeFolders(folders, run, ref).folder, { recursive: true, force: true });
  const exchange = await makeExchangeFolders(folders, run, ref);
  const mine = process.getuid?.() === user.uid;
  const canGive = process.getuid?.() === 0;
  const owner = canGive ? user : null;
  await writeShellPrefix(exchange.agent, owner);
  await mkdir(join(exchange.agent, CONFIG_FOLDER), { mode: 0o700 });
  await writeFile(join(exchange.inbox, PROMPT_FILE), prompt, { mode: 0o644 });
  await chmod(exchange.inbox, 0o755);
  if (owner !== null) {
    await chown(join(exchange.agent, CONFIG_FOLDER), owner.uid, owner.gid);
    await chown(exchange.agent, owner.uid, owner.gid);
  } else if (!mine) {
    // Without root nothing can be given away; the folders above keep everybody on this machine out.
    for (const path of [exchange.agent, join(exchange.agent, CONFIG_FOLDER), join(exchange.agent, 'live')])
      await chmod(path, 0o777);
  }
  return exchange;
}
