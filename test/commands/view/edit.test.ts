// The editor in the pane: a real program on a copy, and what becomes of the repository's file.
import { spawnSync } from 'node:child_process';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRunPlace } from '../../../src/commands/place.ts';
import { programPort } from '../../../src/commands/view/programs.ts';
import type { RunOptions } from '../../../src/core/options.ts';
import type { EditableFile } from '../../../src/tui/ui/effects.ts';
import { Story } from '../../core/story.ts';
import { openDesk } from '../typed.ts';

const PLAN = '# Plan\n\n- [ ] one\n- [ ] two\n- [ ] three\n- [ ] four\n';

async function deskWithPlan(options: Partial<RunOptions> = {}) {
  const desk = await openDesk();
  await desk.run(new Story({ options }).attempt('completed'));
  const at = (name: string) => join(desk.repository, name);
  await writeFile(at('IMPLEMENTATION_PLAN.md'), PLAN);
  /** `command`: what the editor does with its file, `$1`. `meanwhile`: what happens while it is open. */
  const edit = async (file: EditableFile, command: string, meanwhile: () => Promise<void> = async () => undefined) => {
    const script = join(desk.home, 'editor');
    await writeFile(script, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    const context = desk.context({ environment: { EDITOR: script } });
    const program = await programPort(context, await findRunPlace(context)).prepare({ kind: 'edit', file });
    if ('why' in program) return program.why;
    await meanwhile();
    const [name = '', ...args] = program.argv;
    expect(spawnSync(name, args, { cwd: program.cwd, env: program.environment }).status).toBe(0);
    return program.edited?.();
  };
  const read = (name: string) => readFile(at(name), 'utf8');
  return { desk, at, edit, read };
}

test('what was changed is in the repository, and the run is to be told', async () => {
  const { edit, read } = await deskWithPlan();
  expect(await edit('plan', 'echo "- [ ] five" >> "$1"')).toBe('plan');
  expect(await read('IMPLEMENTATION_PLAN.md')).toBe(`${PLAN}- [ ] five\n`);
});

test('what was only looked at is not told', async () => {
  const { edit, read } = await deskWithPlan();
  expect(await edit('plan', 'cat "$1"')).toBeNull();
  expect(await read('IMPLEMENTATION_PLAN.md')).toBe(PLAN);
});

test('a box that the agent ticks meanwhile is not lost', async () => {
  const { at, edit, read } = await deskWithPlan();
  const tick = () => writeFile(at('IMPLEMENTATION_PLAN.md'), PLAN.replace('[ ] one', '[x] one'));
  expect(await edit('plan', 'echo "- [ ] five" >> "$1"', tick)).toBe('plan');
  expect(await read('IMPLEMENTATION_PLAN.md')).toBe(`${PLAN.replace('[ ] one', '[x] one')}- [ ] five\n`);
});

test('changes of the same line: the repository stays as it is, and the text of the person is kept', async () => {
  const { at, edit, read } = await deskWithPlan();
  const theirs = PLAN.replace('[ ] one', '[x] one');
  const editing = edit('plan', 'sed -i "s/one/first/" "$1"', () => writeFile(at('IMPLEMENTATION_PLAN.md'), theirs));
  const error = await editing.then(
    () => 'no error',
    (thrown: Error) => thrown.message,
  );
  expect(error).toMatch(/changed meanwhile in the same lines, and stays as it is; your text is kept in (.*)$/);
  expect(await read('IMPLEMENTATION_PLAN.md')).toBe(theirs);
  expect(await readFile(error.split('kept in ')[1] ?? '', 'utf8')).toContain('- [ ] first');
});

test('the embedded prompt becomes a file that wins over it, with the place for the work still in it', async () => {
  const { edit, read } = await deskWithPlan({ mode: 'plan-work', work: 'a login' });
  expect(await edit('prompt', 'echo "Be brief." >> "$1"')).toBe('prompt');
  const prompt = await read('PROMPT_plan_work.md');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the prompt's own place holder.
  expect(prompt).toContain('${WORK_SCOPE}');
  expect(prompt).toMatch(/Be brief\.\n$/);
});

test('a prompt of another name is edited under its name; looking at the embedded one makes no file', async () => {
  const { at, edit, read } = await deskWithPlan();
  expect(await edit('prompt', 'cat "$1"')).toBeNull();
  await expect(read('PROMPT_build.md')).rejects.toThrow('ENOENT');
  await writeFile(at('PROMPT.md'), 'Do it.\n');
  expect(await edit('prompt', 'echo "Now." >> "$1"')).toBe('prompt');
  expect(await read('PROMPT.md')).toBe('Do it.\nNow.\n');
});

test('AGENTS.md is made where there is none', async () => {
  const { edit, read } = await deskWithPlan();
  expect(await edit('agents', 'echo "npm test" >> "$1"')).toBe('agents');
  expect(await read('AGENTS.md')).toBe('npm test\n');
});

test('no link leads out: neither one that is there, nor one that comes while the editor is open', async () => {
  const { desk, at, edit } = await deskWithPlan();
  const secret = join(desk.home, 'secret');
  await writeFile(secret, 'secret\n');
  const link = async () => {
    await rm(at('IMPLEMENTATION_PLAN.md'));
    await symlink(secret, at('IMPLEMENTATION_PLAN.md'));
  };
  await expect(edit('plan', 'echo x >> "$1"', link)).rejects.toThrow(/is not written: .*; your text is kept in/);
  await expect(edit('plan', 'echo x >> "$1"')).rejects.toThrow(/IMPLEMENTATION_PLAN.md is not opened: /);
  expect(await readFile(secret, 'utf8')).toBe('secret\n');
});

test('an editor that is not there is told before the screen goes', async () => {
  const { desk } = await deskWithPlan();
  const context = desk.context({ environment: { EDITOR: 'no-such-editor --wait' } });
  const port = programPort(context, await findRunPlace(context));
  expect(await port.prepare({ kind: 'edit', file: 'plan' })).toEqual({
    why: 'no-such-editor is not there; set $EDITOR to a program that is',
  });
});
