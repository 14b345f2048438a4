// A scripted agent that does what a Ralph loop asks for: it reads the plan, does the first open task, ticks its box,
// commits, and ends; without an open task it claims to be done. It knows only what the conversation tells it.
import type { ApiRequest, ToolResult } from './request.ts';
import { type Scenario, type Step, type StepUsage, stepAt, type ToolCall } from './scenario.ts';
import { AGENT_USAGE, bash, callTool, ownResults, write } from './scripted-agent.ts';
import {
  commitCommand,
  type MemoryHog,
  memoryHogCommand,
  quote,
  slowCommand,
  tickCommand,
  waitForFileCommand,
} from './shell-commands.ts';

export const COMPLETE = '<promise>COMPLETE</promise>';

export interface PlanWorkerOptions {
  /** Path in the repository. */
  readonly planFile?: string;
  /** Steps that come before the work, in every session: errors, thinking, subagents, … */
  readonly before?: readonly Step[];
  /** A command that allocates memory, before the task is ticked. */
  readonly hog?: MemoryHog;
  /** A command that takes so long, before the task is ticked: time to kill or pause it. */
  readonly seconds?: number;
  /** A command that waits until this file exists, before the task is ticked. Relative to the repository, or absolute. */
  readonly untilFile?: string;
  /** The last text of a session that has found no open task. */
  readonly claim?: string;
  /** Tokens of every answer. */
  readonly usage?: StepUsage;
}

/** To have sessions that differ, put several into `runs`: `{ runs: [planWorker(), planWorker({ hog }), planWorker()] }`. */
export function planWorker(options: PlanWorkerOptions = {}): Scenario {
  return { description: 'Does one open task of the plan per session.', decide: (request) => decide(request, options) };
}

interface Stage {
  readonly text: string;
  readonly tool: ToolCall;
}

function decide(request: ApiRequest, options: PlanWorkerOptions): Step {
  const before = stepAt(options.before ?? [], request.turn);
  return before ?? { usage: options.usage ?? AGENT_USAGE, ...work(request, options) };
}

function work(request: ApiRequest, options: PlanWorkerOptions): Step {
  const planFile = options.planFile ?? 'IMPLEMENTATION_PLAN.md';
  const [plan, ...results] = ownResults(request);
  if (!plan) return callTool(request, 'I look at the plan.', bash(`cat ${quote(planFile)}`, 'Read the plan'));
  const task = openTasks(plan.text)[0];
  if (task === undefined) return { text: `Nothing is open.\n\n${options.claim ?? COMPLETE}` };
  const stage = stagesOf(task, planFile, request, options)[results.length];
  return stage ? callTool(request, stage.text, stage.tool) : farewell(task, results.at(-1));
}

/** Everything between reading the plan and the last word. */
function stagesOf(task: string, planFile: string, request: ApiRequest, options: PlanWorkerOptions): Stage[] {
  const { hog, seconds, untilFile } = options;
  const file = `work/${slug(task)}.${request.session}.txt`;
  return [
    { text: `I work on: ${task}`, tool: write(request, file, `${task}\n`) },
    ...(hog ? [{ text: 'This needs memory.', tool: bash(memoryHogCommand(hog), 'Allocate memory') }] : []),
    ...(seconds ? [{ text: 'This takes a while.', tool: bash(slowCommand(seconds), 'Run the slow checks') }] : []),
    ...(untilFile ? [{ text: 'This waits.', tool: bash(waitForFileCommand(untilFile), 'Wait for a file') }] : []),
    { text: 'The task is done.', tool: bash(tickCommand(planFile, task), 'Tick the box') },
    { text: 'I commit.', tool: bash(commitCommand([file, planFile], task), 'Commit the work') },
  ];
}

function farewell(task: string, commit: ToolResult | undefined): Step {
  return { text: commit?.isError ? `The commit failed: ${commit.text}` : `Done: ${task}` };
}

/** The texts behind the open boxes, in their order, those in code fences left out. */
export function openTasks(plan: string): string[] {
  const tasks: string[] = [];
  let fenced = false;
  for (const line of plan.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const text = /^\s*(?:[-*+]|\d+[.)]) \[ \] (.*\S)\s*$/.exec(line)?.[1];
    if (!fenced && text !== undefined) tasks.push(text);
  }
  return tasks;
}

function slug(task: string): string {
  const words = task.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '').slice(0, 40) || 'task';
}
