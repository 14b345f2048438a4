// What the editor is opened on: copies of prompt, plan and AGENTS.md, which go back to their places when it is closed.
// The agent may put anything in those places, a link as well as changes of its own: nothing is written through the one
// nor over the other.
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { RunState } from '../../core/state/run-state.ts';
import { runFiles } from '../../journal/folders.ts';
import { ownPromptFile, promptTemplate } from '../../supervisor/attempt/prompt.ts';
import type { ProgramToRun } from '../../tui/store/ports.ts';
import type { EditableFile } from '../../tui/ui/effects.ts';
import { mergeText } from '../../workspace/git/merge-text.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { readInside } from '../../workspace/safe-read.ts';
import { replaceFileInside } from '../../workspace/safe-write.ts';
import type { CommandContext, RunPlace } from '../line/context.ts';
import { EDITOR, findProgram } from './person-program.ts';

/** @throws Error, one line, for a file that is not safe to open */
export async function editor(
  context: CommandContext,
  place: RunPlace,
  state: RunState,
  file: EditableFile,
): Promise<ProgramToRun> {
  const program = findProgram(context, EDITOR);
  if ('why' in program) return program;
  const { argv, environment } = program;
  const { promptPath } = state.options;
  // An absolute path is the person's own choice, and outside of what the agent is given.
  if (file === 'prompt' && promptPath !== null && isAbsolute(promptPath)) {
    const before = await readFile(promptPath);
    const edited = async () => ((await readFile(promptPath)).equals(before) ? null : file);
    return { argv: argv(promptPath), cwd: homedir(), environment, edited };
  }
  const original = await originalOf(place, state, file);
  const copy = join(runFiles(place.folders, place.run).folder, `edited-${basename(original.path)}`);
  await writeFile(copy, original.bytes, { mode: 0o600 });
  const edited = async () => {
    const mine = await readFile(copy);
    if (mine.equals(original.bytes)) return null;
    await putBack(context, place, original, mine, copy);
    return file;
  };
  return { argv: argv(copy), cwd: homedir(), environment, edited };
}

interface Original {
  /** Inside the repository. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Of a file that is there. */
  readonly mode: number | null;
}

async function originalOf({ repository }: RunPlace, { options }: RunState, file: EditableFile): Promise<Original> {
  const path = file === 'plan' ? options.planFile : file === 'agents' ? 'AGENTS.md' : ownPromptFile(options.mode);
  // The prompt may have another name, or be the embedded one: then the file that wins over that is made.
  const prompt = file === 'prompt' ? await promptTemplate(repository.top, options) : null;
  const name = prompt === null || prompt.source === 'embedded' ? path : prompt.source;
  const found = await readInside(repository.top, name);
  switch (found.state) {
    case 'unsafe':
      throw new Error(`${name} is not opened: ${found.why}`);
    case 'missing':
      return { path: name, bytes: Buffer.from(prompt?.text ?? ''), mode: null };
    case 'read':
      return { path: name, bytes: found.bytes, mode: found.mode };
  }
}

/** @throws Error, one line, where the file cannot be written; what was edited is kept then */
async function putBack(
  context: CommandContext,
  place: RunPlace,
  { path, bytes, mode }: Original,
  mine: Buffer,
  copy: string,
): Promise<void> {
  const { repository, folders, run } = place;
  const kept = `your text is kept in ${copy}`;
  const now = await readInside(repository.top, path);
  if (now.state === 'unsafe') throw new Error(`${path} is not written: ${now.why}; ${kept}`);
  const theirs = now.state === 'read' ? now.bytes : mode === null ? bytes : Buffer.alloc(0);
  const shadow = await openShadow(repository, folders.shadowGit, context.environment.PATH);
  const merged = theirs.equals(bytes)
    ? mine
    : await mergeText(shadow, runFiles(folders, run).folder, { base: bytes, mine, theirs });
  if (merged === null) throw new Error(`${path} was changed meanwhile in the same lines, and stays as it is; ${kept}`);
  const written = await replaceFileInside(repository.top, path, merged, repository.owner, mode ?? 0o644);
  if (!written.ok) throw new Error(`${written.why}; ${kept}`);
}
