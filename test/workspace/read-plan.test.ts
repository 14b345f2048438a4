import { createHash } from 'node:crypto';
import { rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parsePrd } from '../../src/workspace/prd.ts';
import { readPlan } from '../../src/workspace/read-plan.ts';
import { Scratch } from './scratch.ts';

const PLAN = 'IMPLEMENTATION_PLAN.md';
const PRD = JSON.stringify({
  project: 'x',
  userStories: [{ id: 'US-1', title: 'Log in', passes: true }, { id: 'US-2' }],
});
let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch[Symbol.dispose]());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('reads the plan, with its hash', async () => {
  scratch.write(PLAN, '- [ ] a\n');
  const reading = await readPlan(scratch.path, PLAN);
  expect(reading).toMatchObject({ snapshot: { source: 'plan' }, hash: sha256('- [ ] a\n'), problem: null });
});

test('prd.json stands in where there is no plan, and only there', async () => {
  scratch.write('prd.json', PRD);
  const reading = await readPlan(scratch.path, PLAN);
  expect(reading).toMatchObject({ snapshot: { source: 'prd' }, hash: sha256(PRD), problem: null });
  expect(reading.snapshot?.tasks.map((task) => task.done)).toEqual([true, false]);
  scratch.write(PLAN, '');
  expect(await readPlan(scratch.path, PLAN)).toMatchObject({ snapshot: { source: 'plan', tasks: [] } });
});

test('neither: no plan, and no problem', async () => {
  expect(await readPlan(scratch.path, PLAN)).toEqual({ snapshot: null, hash: null, problem: null });
});

test('what cannot be used is a problem that names the file', async () => {
  symlinkSync('/etc/passwd', scratch.at(PLAN));
  scratch.write('prd.json', PRD);
  const unsafe = await readPlan(scratch.path, PLAN);
  expect(unsafe).toEqual({ snapshot: null, hash: null, problem: expect.stringContaining(PLAN) });
  rmSync(scratch.at(PLAN));
  scratch.write('prd.json', '{');
  expect(await readPlan(scratch.path, PLAN)).toMatchObject({
    snapshot: null,
    problem: expect.stringContaining('prd.json'),
  });
  scratch.write('big.md', Buffer.alloc(5 * 1024 * 1024));
  expect((await readPlan(scratch.path, 'big.md')).problem).toContain('larger');
});

const stories: readonly (readonly [string, unknown, readonly (readonly [string, boolean])[] | null])[] = [
  ['ids and titles', { userStories: [{ id: 'US-1', title: 'a\nb', passes: true }] }, [['US-1 a b', true]]],
  [
    'numbers, or nothing, for names',
    { userStories: [{ id: 7 }, { title: 'b' }, {}] },
    [
      ['7', false],
      ['b', false],
      ['story 3', false],
    ],
  ],
  [
    'only true is true',
    {
      userStories: [
        { id: 'a', passes: 'true' },
        { id: 'b', passes: 1 },
        { id: 'c', passes: null },
      ],
    },
    [
      ['a', false],
      ['b', false],
      ['c', false],
    ],
  ],
  ['what is no story', { userStories: ['a', null, [1], { id: 'b', passes: true }] }, [['b', true]]],
  ['an empty list', { userStories: [] }, []],
  ['no list', { userStories: {} }, null],
  ['no object', [1], null],
  ['null', null, null],
];
test.each(stories)('prd.json: %s', (_name, data, expected) => {
  const tasks = parsePrd(JSON.stringify(data))?.tasks.map((task) => [task.text, task.done]);
  expect(tasks ?? null).toEqual(expected);
});

test('prd.json: no JSON, and a BOM', () => {
  expect(parsePrd('nonsense')).toBeNull();
  expect(parsePrd(`\uFEFF${PRD}`)?.tasks).toHaveLength(2);
});
