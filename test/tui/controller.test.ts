import { expect, onTestFinished, test, vi } from 'vitest';
import type { RunCommand } from '../../src/core/run-command.ts';
import type { ModelSource, ScreenPorts } from '../../src/tui/carry-out.ts';
import { Controller } from '../../src/tui/controller.ts';
import type { Model } from '../../src/tui/store/model.ts';
import { Story } from '../core/story.ts';
import { logRows, modelOf, shownLog } from './model.ts';

function controllerOf(first: Model, change: Partial<ScreenPorts> = {}) {
  const seen = {
    sent: [] as RunCommand[],
    frames: 0,
    bells: 0,
    titles: [] as string[],
    quits: 0,
    shown: [] as unknown[],
  };
  let model = first;
  let listener = () => {};
  const source: ModelSource = {
    getModel: () => model,
    subscribe: (given) => {
      listener = given;
      return () => {};
    },
    show: (attempt) => seen.shown.push(attempt),
    publish: () => {},
    unfold: () => {},
    lookAtLog: () => {},
    lookAtChanges: () => {},
    log: null,
  };
  const ports: ScreenPorts = {
    size: () => ({ columns: 80, rows: 24 }),
    send: async (command) => {
      seen.sent.push(command);
      return { ok: true, message: 'done' };
    },
    copy: async () => undefined,
    redraw: () => {},
    openProgram: () => {},
    readDiff: async () => ({ title: 'commit abc1234', lines: ['+an added line'], ofFiles: false }),
    planUndo: async () => ({ lines: ['1 commit goes: abc1234 a task'] }),
    undo: async () => ({ ok: true, message: 'undone' }),
    suspend: () => {},
    title: (text) => seen.titles.push(text),
    bell: () => {
      seen.bells += 1;
    },
    supervisorDied: () => {},
    quit: () => {
      seen.quits += 1;
    },
    ...change,
  };
  const controller = new Controller({ source, ports, colours: 'none', unicode: true, timeZone: 'UTC' });
  controller.frames.subscribe(() => {
    seen.frames += 1;
  });
  const publish = (next: Model) => {
    model = next;
    listener();
  };
  return { controller, seen, publish };
}

const RUNNING = new Story().starts().state;

test('nothing is drawn while nothing changes', () => {
  const { controller, seen, publish } = controllerOf(modelOf(RUNNING));
  publish(modelOf(RUNNING));
  publish(modelOf(RUNNING));
  controller.onKeys(['k']);
  expect(seen.frames).toBe(0);
  publish(modelOf(RUNNING, { uncommitted: [] }));
  expect(seen.frames).toBe(0);
  const report = { ...modelOf(RUNNING).report, attemptElapsedMs: 3_600_000 };
  publish(modelOf(RUNNING, { report }));
  expect(seen.frames).toBe(1);
});

test('a key is on the screen before anything else happens', () => {
  const { controller, seen } = controllerOf(modelOf(RUNNING));
  controller.onKeys(['x']);
  expect(seen.frames).toBe(1);
  expect(controller.frames.getFrame().lines.join('\n')).toContain('Stop iteration 1?');
  controller.close();
});

test('rings when a person is needed, and once', () => {
  const { seen, publish, controller } = controllerOf(modelOf(RUNNING));
  const needsYou = modelOf(new Story().attempt('auth').state);
  publish(needsYou);
  publish(needsYou);
  expect(seen.bells).toBe(1);
  expect(seen.titles.at(-1)).toContain('NEEDS YOU');
  controller.close();
});

test('a run that is finished is left without a question', () => {
  const finished = new Story().tell({ type: 'finished', reason: 'done', message: 'all done', nextCommand: null }).state;
  const { controller, seen } = controllerOf(modelOf(finished));
  controller.onKeys(['q']);
  expect(seen.quits).toBe(1);
});

test('a diff opens as a page when it has been read', async () => {
  const { controller } = controllerOf(modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(3)) }));
  controller.onKeys(['d']);
  await Promise.resolve();
  const screen = controller.frames.getFrame().lines.join('\n');
  expect(screen).toContain('commit abc1234');
  expect(screen).toContain('+an added line');
  controller.close();
});

test('a question that nobody answers goes by itself, with nothing done; every key gives it its time again', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { controller, seen } = controllerOf(modelOf(RUNNING));
  controller.onKeys(['X']);
  vi.advanceTimersByTime(4 * 60_000);
  controller.onKeys(['j']);
  vi.advanceTimersByTime(4 * 60_000);
  expect(controller.ui.dialog?.kind).toBe('kill');
  vi.advanceTimersByTime(60_000);
  expect(controller.ui).toMatchObject({ dialog: null, message: { text: 'nobody answered, so nothing was done' } });
  vi.advanceTimersByTime(8_000);
  expect(controller.ui.message).toBeNull();
  expect(seen.sent).toEqual([]);
  controller.close();
});

test('what cannot be carried out is told', async () => {
  const { controller } = controllerOf(modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(3)) }), {
    readDiff: async () => Promise.reject(new Error('git is not installed')),
  });
  controller.onKeys(['d']);
  await vi.waitFor(() => expect(controller.ui.message).toEqual({ text: 'git is not installed', tone: 'bad' }));
  controller.close();
});
