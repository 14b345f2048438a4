// The real workspace, as `WorkspaceFacts` looks at it: through the doors that stand up to what the agent left there.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunOptions } from '../core/options.ts';
import { fullDiskOf } from '../journal/no-space.ts';
import { readFileAt, readLog } from '../workspace/git/history.ts';
import type { Shadow } from '../workspace/git/shadow.ts';
import { readHead } from '../workspace/head.ts';
import type { Repository } from '../workspace/locate.ts';
import { parsePlan } from '../workspace/plan.ts';
import { readPlan } from '../workspace/read-plan.ts';
import { readInside } from '../workspace/safe-read.ts';
import type { AccountLimits } from './account-limits.ts';
import { findPrompt } from './attempt/prompt.ts';
import type { HeadLook, InstructionLook, WorkspacePorts } from './workspace-facts.ts';

const PLAN_SETTLES_MS = 300;
const COMMIT_LIMIT = 100;

interface WorkspaceSurroundings {
  readonly planFile: string;
  /** Where the run's files are. */
  readonly runFolder: string;
  readonly limits: AccountLimits;
  readonly optionsNow: () => RunOptions;
}

export function workspacePorts(
  repository: Repository,
  shadow: Shadow,
  { planFile, runFolder, limits, optionsNow }: WorkspaceSurroundings,
): WorkspacePorts {
  return {
    readPlan: async () => {
      const { snapshot, hash, problem } = await readPlan(repository.top, planFile);
      // A prd.json of another form is somebody's own file, and no reason to stop.
      return { snapshot, hash, problem: hash === null ? problem : null };
    },
    settle: () => sleep(PLAN_SETTLES_MS),
    readHead: () => lookAtHead(repository),
    readInstructions: () => lookAtInstructions(repository, optionsNow()),
    fullDisk: async () => (await fullDiskOf(runFolder)) ?? (await fullDiskOf(repository.top)),
    accountLimit: () => limits.current(Date.now()),
    planAt: async (commit) => {
      const bytes = await readFileAt(shadow, commit, planFile);
      return bytes === null ? null : parsePlan(bytes.toString('utf8'));
    },
    log: (from, to) => readLog(shadow, from, to, COMMIT_LIMIT),
  };
}

/** The embedded prompt changes with the program only, which is nobody's edit. */
async function lookAtInstructions(repository: Repository, options: RunOptions): Promise<InstructionLook> {
  const [prompt, agents] = await Promise.all([
    findPrompt(repository.top, options).catch(() => null),
    readInside(repository.top, 'AGENTS.md'),
  ]);
  return {
    promptSource: prompt?.source ?? null,
    promptHash: prompt === null ? null : prompt.source === 'embedded' ? 'embedded' : sha256(prompt.text),
    agentsHash: agents.state === 'read' ? sha256(agents.bytes) : null,
  };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function lookAtHead(repository: Repository): Promise<HeadLook> {
  const head = await readHead(repository);
  return head.ok
    ? { branch: head.branch, head: head.sha, problem: null }
    : { branch: null, head: null, problem: `the repository cannot be read: ${head.why}` };
}
