// Reads a prd.json: the list of user stories that some loops have in the place of a plan.
import type { PlanSnapshot, PlanTask } from '../core/plan.ts';
import { TASK_LIMIT } from './plan.ts';

export const PRD_FILE = 'prd.json';

/**
 * The stories of `{"userStories": [{"id", "title"?, "passes"}]}` as tasks; null where the text is none.
 * A story that does not say `"passes": true` is open; whatever else is odd about one is overlooked.
 */
export function parsePrd(json: string): PlanSnapshot | null {
  let data: unknown;
  try {
    data = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  const stories = isRecord(data) ? data.userStories : null;
  if (!Array.isArray(stories)) return null;
  const tasks = stories.filter(isRecord).slice(0, TASK_LIMIT);
  return { source: 'prd', tasks: tasks.map(toTask) };
}

function toTask(story: Record<string, unknown>, at: number): PlanTask {
  const words = [story.id, story.title].filter((word) => typeof word === 'string' || typeof word === 'number');
  const text = words.join(' ').replace(/\s+/g, ' ').trim();
  // JSON has no line for a story; its place in the list stands for it.
  return { text: text === '' ? `story ${at + 1}` : text, done: story.passes === true, depth: 0, line: at + 1 };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
