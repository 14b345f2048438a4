// One session of the scripted agent: read the plan, do its first open task, tick the box, commit.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteForShell } from '../text/shell-word.ts';
import { PLAN_FILE } from './scratch-project.ts';
import type { AgentSession } from './session.ts';
import { storyFor } from './tasks.ts';

export const COMPLETE = '<promise>COMPLETE</promise>';

const OPEN_BOX = /^(\s*[-*+] )\[ \] (.*)$/;

/** The texts behind the open boxes. */
export function openTasks(plan: string): string[] {
  return plan.split('\n').flatMap((line) => OPEN_BOX.exec(line)?.[2]?.trim() ?? []);
}

/** @returns the session's last words */
export async function work(agent: AgentSession, cwd: string): Promise<string> {
  if (!existsSync(join(cwd, PLAN_FILE))) {
    const words = `There is no ${PLAN_FILE} here, so there is nothing to do.`;
    await agent.say(words);
    return words;
  }
  await agent.say('I read the plan first.');
  const [task, ...later] = openTasks(await agent.read(PLAN_FILE));
  if (task === undefined) {
    await agent.say(`All tasks are done.\n\n${COMPLETE}`);
    return `All tasks are done.\n\n${COMPLETE}`;
  }
  await agent.bash('git log --oneline -3; git status --short', 'See where things stand');
  await agent.say(`Next: ${task}`);
  await storyFor(task)(agent);
  await tick(agent, join(cwd, PLAN_FILE));
  await agent.bash(
    `git add -A && git commit -q -m ${quoteForShell(subjectOf(task))} && git log --oneline -1`,
    'Commit',
  );
  const words = later.length === 0 ? `Done: ${task}\n\n${COMPLETE}` : `Done: ${task}\n\n${later.length} to go.`;
  await agent.say(words);
  return words;
}

async function tick(agent: AgentSession, planPath: string): Promise<void> {
  const line = readFileSync(planPath, 'utf8')
    .split('\n')
    .find((candidate) => OPEN_BOX.test(candidate));
  if (line !== undefined) await agent.edit(PLAN_FILE, line, line.replace('[ ]', '[x]'));
}

/** A commit's subject from a task's text. */
function subjectOf(task: string): string {
  return task.replace(/`/g, '').slice(0, 72);
}
