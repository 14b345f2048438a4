// The store lets go of everything when it is closed: a viewer's process ends only when nothing is watched any more.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { openJournal } from '../../../src/journal/append.ts';
import { runFiles } from '../../../src/journal/folders.ts';
import { RunStore } from '../../../src/tui/store/run-store.ts';
import { temporaryFolder } from '../../harness/temporary.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { RUN } from '../../viewer/run-folder.ts';
import { layOutDay, NO_LIVE_OUTPUT, workingDay } from '../working-day.ts';

const watched = () => process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;

test('an attempt whose begin is being read while it is closed is not followed', async () => {
  const before = watched();
  // One turn of the event loop after the other, so that it is closed in every state of the reading.
  for (let turns = 0; turns < 20; turns += 1) {
    const idle = workingDay('idle');
    const { folders } = await layOutDay(await temporaryFolder(), idle);
    const store = await RunStore.open({ folders, run: RUN, workspace: null, liveOutput: NO_LIVE_OUTPUT });
    const journal = openJournal<Event>(runFiles(folders, RUN).journal);
    for (const event of workingDay().events.slice(idle.events.length)) journal.append(event);
    journal.close();
    for (let turned = 0; turned < turns; turned += 1) await turn();
    store.close();
  }
  await waitFor(() => watched() === before, { what: 'nothing to be watched any more', detail: () => `${watched()}` });
  expect(watched()).toBe(before);
});
