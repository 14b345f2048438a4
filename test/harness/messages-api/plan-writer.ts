// A scripted agent for the planning modes: it writes the plan, commits it, and leaves it alone once it is there.
import { openTasks } from './plan-worker.ts';
import type { ApiRequest } from './request.ts';
import type { Scenario, Step, StepUsage } from './scenario.ts';
import { AGENT_USAGE, bash, callTool, ownResults } from './scripted-agent.ts';
import { commitCommand, quote } from './shell-commands.ts';

export interface PlanWriterOptions {
  /** What the plan is to hold, as open boxes. */
  readonly tasks: readonly string[];
  /** Path in the repository. */
  readonly planFile?: string;
  /** Tokens of every answer. */
  readonly usage?: StepUsage;
}

export function planWriter(options: PlanWriterOptions): Scenario {
  return {
    description: 'Writes the plan in the first session; the next ones find nothing to change.',
    decide: (request) => ({ usage: options.usage ?? AGENT_USAGE, ...decide(request, options) }),
  };
}

function decide(request: ApiRequest, options: PlanWriterOptions): Step {
  const planFile = options.planFile ?? 'IMPLEMENTATION_PLAN.md';
  const [plan, ...results] = ownResults(request);
  if (!plan) return callTool(request, 'I look at the plan.', bash(`cat ${quote(planFile)}`, 'Read the plan'));
  if (openTasks(plan.text).join('\n') === options.tasks.join('\n')) return { text: 'The plan is complete as it is.' };
  // Not with Write, which refuses to replace a file that has not been read with Read.
  const text = `# Implementation plan\n\n${options.tasks.map((task) => `- [ ] ${task}\n`).join('')}`;
  const stages = [
    { text: 'I write the plan.', tool: bash(`printf %s ${quote(text)} > ${quote(planFile)}`, 'Write the plan') },
    { text: 'I commit.', tool: bash(commitCommand([planFile], 'Plan the work'), 'Commit the plan') },
  ];
  const stage = stages[results.length];
  return stage ? callTool(request, stage.text, stage.tool) : { text: 'The plan is written.' };
}
