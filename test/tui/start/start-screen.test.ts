import { describe, expect, test } from 'vitest';
import { lineText, lineWidth } from '../../../src/tui/parts/line.ts';
import type { StartFacts } from '../../../src/tui/start/start-facts.ts';
import { FIRST_VIEW, pressStartKey, type StartView, startKeys } from '../../../src/tui/start/start-keys.ts';
import { startScreen } from '../../../src/tui/start/start-screen.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');

const FACTS: StartFacts = {
  repository: '/home/me/acme-api',
  lastRun: {
    run: '20261121-100000-abc',
    mode: 'build',
    ended: 'all 6 tasks of the plan are done',
    at: '2026-11-21T11:43:00.000Z',
  },
  branch: 'ralph/oauth',
  uncommittedFiles: 1,
  tasks: { open: 4, done: 2, next: '3.2 Rotate refresh tokens' },
  planFile: 'IMPLEMENTATION_PLAN.md',
  sandbox: 'docker · sandbox-loop · 8G',
  model: 'opus',
  maxIterations: 20,
  whoPays: 'your Claude subscription pays',
  limit: null,
  refusals: [],
  warnings: [],
};

const shown = (change: Partial<StartFacts> = {}, size = { columns: 80, rows: 24 }, view: Partial<StartView> = {}) =>
  startScreen({ ...FACTS, ...change }, size, NOW, { ...FIRST_VIEW, ...view }, 'UTC').map((text) =>
    lineText(text).trimEnd(),
  );

test('tells how things stand, and what can be started', () => {
  expect(shown().filter((text) => text !== '')).toEqual([
    `━ ralph-tui ${'━'.repeat(80 - 12 - 19)} /home/me/acme-api`,
    '  last run  build, 11:43: all 6 tasks of the plan are done',
    '  branch    ralph/oauth · 1 uncommitted file',
    '  plan      4 open tasks, 2 done',
    '            next: 3.2 Rotate refresh tokens',
    '  sandbox   docker · sandbox-loop · 8G · opus',
    '  pays      your Claude subscription pays',
    ' Enter build (20 iterations at most)  P plan  v view last run  ? help  q quit',
  ]);
});

test.each([
  ['a first run', { lastRun: null }, '  last run  none yet'],
  ['no plan', { tasks: null }, '  plan      no IMPLEMENTATION_PLAN.md yet: P writes one'],
  ['a clean work tree', { uncommittedFiles: 0 }, '  branch    ralph/oauth · clean'],
  [
    'a work tree that git cannot read',
    { uncommittedFiles: null },
    '  branch    ralph/oauth · uncommitted files unknown',
  ],
  [
    'a limit',
    { limit: { until: '2026-11-21T14:00:00.000Z', message: '5-hour limit' } },
    '  limit     5-hour limit · until 14:00',
  ],
] as const)('%s', (_, change, line) => {
  expect(shown(change)).toContain(line);
});

describe('what cannot start', () => {
  const refusal = 'the sandbox image sandbox-loop is missing; build it with: ralph-tui image';

  test('is told whole, however narrow the pane', () => {
    const words = shown({ refusals: [refusal, 'the agent has no login'] }, { columns: 50, rows: 24 })
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(words).toContain(refusal);
    expect(words).toContain('the agent has no login');
  });

  test('has keys that say why', () => {
    const keys = startKeys({ ...FACTS, refusals: [refusal, 'second'], lastRun: null });
    expect(keys.map(({ choice, disabled }) => [choice, disabled])).toEqual([
      ['build', refusal],
      ['plan', refusal],
      ['help', null],
      ['quit', null],
    ]);
  });

  test('offers no last run where there is none', () => {
    expect(startKeys({ ...FACTS, lastRun: null }).map(({ choice }) => choice)).toEqual([
      'build',
      'plan',
      'help',
      'quit',
    ]);
    expect(startKeys(FACTS).map(({ choice }) => choice)).toContain('view');
  });
});

test.each([
  [160, 45],
  [80, 24],
  [60, 20],
  [40, 10],
  [20, 5],
])('fills %i×%i exactly', (columns, rows) => {
  for (const isHelp of [false, true]) {
    const facts = { ...FACTS, warnings: ['w'.repeat(200), '日本語'.repeat(40)] };
    const lines = startScreen(facts, { columns, rows }, NOW, { said: 'said', isHelp });
    expect(lines).toHaveLength(rows);
    expect(new Set(lines.map(lineWidth))).toEqual(new Set([columns]));
  }
});

describe('at every size', () => {
  const STATES: Readonly<Record<string, Partial<StartFacts>>> = {
    ready: { warnings: ['host sandbox: the agent can reach everything that you can, and no memory limit holds'] },
    first: { lastRun: null, tasks: null, uncommittedFiles: 0, maxIterations: null },
    refused: {
      refusals: [
        'the agent has no login: run ralph-tui login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN',
        'the sandbox image sandbox-loop is missing; build it with: ralph-tui image',
      ],
      limit: { until: '2026-11-21T14:00:00.000Z', message: '5-hour limit' },
    },
    help: {},
    'help-where-nothing-can-start': { lastRun: null, refusals: ['the agent has no login: run ralph-tui login'] },
  };
  const SIZES = [
    { columns: 160, rows: 45 },
    { columns: 120, rows: 40 },
    { columns: 80, rows: 24 },
    { columns: 60, rows: 20 },
  ];

  test.each(Object.entries(STATES))('%s', async (name, change) => {
    const view = {
      said: name === 'refused' ? 'build: the agent has no login' : null,
      isHelp: name.startsWith('help'),
    };
    const frames = SIZES.map((size) => `${size.columns}×${size.rows}\n${shown(change, size, view).join('\n')}\n`);
    await expect(frames.join('')).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

describe('keys', () => {
  const pressed = (key: string, view: StartView = FIRST_VIEW, refusals: readonly string[] = []) =>
    pressStartKey({ ...FACTS, refusals }, view, key);

  test.each([
    ['enter', 'build'],
    ['b', 'build'],
    ['P', 'plan'],
    ['v', 'view'],
    ['q', 'quit'],
    ['ctrl+c', 'quit'],
  ])('%s chooses: %s', (key, choice) => {
    expect(pressed(key)).toBe(choice);
  });

  test('what cannot start says why, and a key that is none says nothing', () => {
    expect(pressed('P', FIRST_VIEW, ['no login'])).toEqual({ said: 'plan: no login', isHelp: false });
    expect(pressed('k')).toEqual(FIRST_VIEW);
  });

  test('? explains them; whatever key leaves the help, and starts nothing', () => {
    const help = { said: null, isHelp: true };
    expect(pressed('?')).toEqual(help);
    for (const key of ['?', 'enter', 'P', 'escape', 'q', 'k']) expect(pressed(key, help)).toEqual(FIRST_VIEW);
    expect(pressed('ctrl+c', help)).toBe('quit');
  });
});
