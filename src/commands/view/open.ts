// Bare `ralph-tui`: the live run, or what could be started. Looks before it loads what starting needs: whoever comes
// back to a run wants to see it at once.
import { assertNever } from '../../core/assert-never.ts';
import type { CommandContext } from '../line/context.ts';
import { findPlace } from '../place.ts';
import { reachSupervisor } from '../reach.ts';
import { resolveStart, type StartRequest } from '../start/start-request.ts';
import { showingFor, viewCommand } from './view.ts';

export async function openCommand(context: CommandContext, request: StartRequest): Promise<number> {
  const place = await findPlace(context);
  const typed = { repository: place.repository.top, engineMemoryBytes: null };
  const { plain, headless } = (await resolveStart(context, request, typed)).start;
  const start = async (mode: StartRequest['mode']) =>
    (await import('../start/start.ts')).startCommand(context, { ...request, bare: false, mode });
  // Headless, there is nobody to be shown a choice.
  if (headless) return start('build');
  if ((await reachSupervisor(context, place)) !== null || showingFor(context, plain) !== 'screen')
    return viewCommand(context, { run: null, plain });
  const [{ runStartScreen }, { startFacts }] = await Promise.all([
    import('../../tui/start/run-start-screen.ts'),
    import('../start/start-facts.ts'),
  ]);
  const facts = await startFacts(context, place, request);
  const { stdout, stdin } = process;
  const { environment, signal } = context;
  const choice = await runStartScreen({ facts, stdout, stdin, environment, signal });
  switch (choice) {
    case 'build':
    case 'plan':
      return start(choice);
    case 'view':
      return viewCommand(context, { run: null, plain });
    case 'quit':
      return 0;
    default:
      return assertNever(choice);
  }
}
