// Reads where the work stands: the plan, or prd.json where there is no plan.
import { createHash } from 'node:crypto';
import type { PlanSnapshot } from '../core/plan.ts';
import { parsePlan } from './plan.ts';
import { PRD_FILE, parsePrd } from './prd.ts';
import { readInside } from './safe-read.ts';

export interface PlanReading {
  /** Null where there is neither plan nor prd.json, or none that can be read. */
  readonly snapshot: PlanSnapshot | null;
  /** SHA-256 of the file that was read, hex; null where none was. */
  readonly hash: string | null;
  /** One line about a file that is there and cannot be used; null if all is well. */
  readonly problem: string | null;
}

/**
 * @param top real path of the repository's top folder
 * @param planFile path of the plan, relative to it
 */
export async function readPlan(top: string, planFile: string): Promise<PlanReading> {
  const plan = await readInside(top, planFile);
  if (plan.state === 'unsafe') return nothing(`${planFile} is not read: ${plan.why}`);
  if (plan.state === 'read') {
    return { snapshot: parsePlan(plan.bytes.toString('utf8')), hash: sha256(plan.bytes), problem: null };
  }
  const prd = await readInside(top, PRD_FILE);
  if (prd.state === 'unsafe') return nothing(`${PRD_FILE} is not read: ${prd.why}`);
  if (prd.state === 'missing') return nothing(null);
  const snapshot = parsePrd(prd.bytes.toString('utf8'));
  return {
    snapshot,
    hash: sha256(prd.bytes),
    problem: snapshot === null ? `${PRD_FILE} has no list "userStories"` : null,
  };
}

function nothing(problem: string | null): PlanReading {
  return { snapshot: null, hash: null, problem };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
