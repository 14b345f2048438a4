import { expect, test } from 'vitest';
import {
  advanceProgress,
  currentTask,
  firstProgress,
  type PlanProgress,
  type PlanSnapshot,
  type PlanTask,
  resumedProgress,
} from '../../src/core/plan.ts';

/** `o a` is an open task, `x a` a done one, two blanks in front a level. */
function plan(...lines: string[]): PlanSnapshot {
  return { source: 'plan', tasks: lines.map(toTask) };
}

function toTask(line: string, at: number): PlanTask {
  const text = line.trimStart();
  return { text: text.slice(2), done: text[0] === 'x', depth: (line.length - text.length) / 2, line: at + 1 };
}

test('a run starts from what the file says', () => {
  expect(firstProgress(plan('x a', 'o b', 'o c'))).toEqual({ done: 1, open: 2, removed: 0, current: 'b' });
  expect(firstProgress(plan())).toEqual({ done: 0, open: 0, removed: 0, current: null });
});

const current: readonly (readonly [readonly string[], string | null])[] = [
  [['x a', 'o b', 'o c'], 'b'],
  [['o phase 1', '  o a', '  o b'], 'a'],
  [['o phase 1', '  x a', '  o b', 'o phase 2'], 'b'],
  [['o phase 1', '  x a', '  x b', 'o phase 2'], 'phase 1'],
  [['o phase 1', '  x a', '    o detail', '  o b'], 'detail'],
  [['x phase 1', '  o a', 'o phase 2'], 'a'],
  [['  o a', 'o b'], 'a'],
  [['x a'], null],
];
test.each(current)('%j: the current task is %j', (lines, expected) => {
  expect(currentTask(plan(...lines).tasks)).toBe(expected);
});

interface Step {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly finished?: readonly string[];
  readonly added?: readonly string[];
  readonly removed?: number;
}

const steps: readonly Step[] = [
  { name: 'nothing happened', before: ['o a', 'x b'], after: ['o a', 'x b'] },
  { name: 'ticked', before: ['o a', 'o b'], after: ['x a', 'o b'], finished: ['a'] },
  { name: 'moved and ticked', before: ['o a', 'o b'], after: ['o b', 'x a'], finished: ['a'] },
  { name: 'white space does not matter', before: ['o a  b'], after: ['x a b'], finished: ['a b'] },
  { name: 'added', before: ['o a'], after: ['o a', 'o b'], added: ['b'] },
  { name: 'removed', before: ['o a', 'o b'], after: ['o b'], finished: ['a'], removed: 1 },
  { name: 'all removed', before: ['o a', 'o b'], after: [], finished: ['a', 'b'], removed: 2 },
  { name: 'done ones cleaned out', before: ['x a', 'x b', 'o c'], after: ['o c'] },
  { name: 'unticked', before: ['x a'], after: ['o a'], added: ['a'] },
  { name: 'one ticked, one unticked', before: ['x a', 'o b'], after: ['o a', 'x b'], finished: ['b'], added: ['a'] },
  { name: 'appeared done', before: ['o a'], after: ['o a', 'x extra work'], finished: ['extra work'] },
  { name: 'reworded', before: ['o add the login form'], after: ['o add the login form (with tests)'] },
  {
    name: 'reworded beside a new one: the new one is added',
    before: ['o add the login form'],
    after: ['o fix colours', 'o add the big login form'],
    added: ['fix colours'],
  },
  {
    name: 'reworded and ticked at once',
    before: ['o add the login form'],
    after: ['x add the login form, done with tests'],
    finished: ['add the login form, done with tests'],
  },
  {
    name: 'removed, and something else appeared done',
    before: ['o add the login form'],
    after: ['x colours'],
    finished: ['colours', 'add the login form'],
    removed: 1,
  },
  {
    name: 'split: the likest is the same task, the others are new',
    before: ['o build api and pages'],
    after: ['o build pages', 'o build api and more pages'],
    added: ['build pages'],
  },
  { name: 'twins, one ticked', before: ['o a', 'o a'], after: ['x a', 'o a'], finished: ['a'] },
  { name: 'twins, one removed', before: ['o a', 'o a'], after: ['o a'], finished: ['a'], removed: 1 },
  {
    name: 'twins, one reworded, one removed',
    before: ['o write the docs', 'o write the docs'],
    after: ['o write the docs well'],
    finished: ['write the docs'],
    removed: 1,
  },
  { name: 'a twin of a done one appears done', before: ['x a'], after: ['x a', 'x a'], finished: ['a'] },
  { name: 'reworded without blanks between words', before: ['o 添加登录表单'], after: ['o 添加登录表单页'] },
  {
    name: 'texts without words are not alike',
    before: ['o ***'],
    after: ['o ---'],
    finished: ['***'],
    added: ['---'],
    removed: 1,
  },
];
test.each(steps)('$name', ({ before, after, finished = [], added = [], removed = 0 }) => {
  const known: PlanProgress = { done: 5, open: 0, removed: 1, current: null };
  const next = plan(...after);
  const change = advanceProgress(known, plan(...before), next);
  expect({ finished: change.finished, added: change.added }).toEqual({ finished, added });
  expect(change.progress).toEqual({
    done: 5 + finished.length,
    open: firstProgress(next).open,
    removed: 1 + removed,
    current: firstProgress(next).current,
  });
});

test('done never falls, whatever happens to the file', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  let before = plan('o a');
  let progress = firstProgress(before);
  for (let step = 0; step < 500; step++) {
    const words = ['a', 'b', 'a b', 'a b c', 'd'];
    const lines = Array.from({ length: random(6) }, () => `${random(2) === 0 ? 'o' : 'x'} ${words[random(5)]}`);
    const after = plan(...lines);
    const change = advanceProgress(progress, before, after);
    expect(change.progress.done - progress.done).toBe(change.finished.length);
    expect(change.progress.open).toBe(after.tasks.filter((task) => !task.done).length);
    expect(change.progress.removed).toBeLessThanOrEqual(change.progress.done);
    [progress, before] = [change.progress, after];
  }
});

test('a prd.json in the place of the plan is another list, not a plan with all removed', () => {
  const prd: PlanSnapshot = { ...plan('x one', 'o two'), source: 'prd' };
  const change = advanceProgress({ done: 3, open: 2, removed: 0, current: 'a' }, plan('o a', 'o b'), prd);
  expect(change).toEqual({ progress: { done: 3, open: 1, removed: 0, current: 'two' }, finished: [], added: [] });
});

test('a plan of thousands of tasks that is replaced as a whole does not stop the program', () => {
  const many = (word: string) => plan(...Array.from({ length: 10_000 }, (_, at) => `o ${word} ${at}`));
  expect(advanceProgress(firstProgress(many('old')), many('old'), many('new')).added).toHaveLength(10_000);
});

test('after a gap that nobody watched, done is never less than it was', () => {
  const known: PlanProgress = { done: 4, open: 3, removed: 1, current: 'x' };
  expect(resumedProgress(known, plan('x a', 'o b'))).toEqual({ done: 4, open: 1, removed: 1, current: 'b' });
  const more = plan('x a', 'x b', 'x c', 'x d', 'o e');
  expect(resumedProgress(known, more)).toEqual({ done: 5, open: 1, removed: 1, current: 'e' });
});
