// `--headless`: the supervisor in the foreground, its log on standard output, and the run's own exit code.
import type { ChildRequest } from '../../supervisor/child.ts';
import { policyFrom } from '../../supervisor/policy.ts';
import { supervise } from '../../supervisor/supervise.ts';
import { type CommandContext, say } from '../line/context.ts';
import { receiptsCommand } from '../receipts.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** ^C stops the attempt and ends the run; a second one kills it. */
export async function runHeadless(context: CommandContext, request: ChildRequest): Promise<number> {
  // The launcher would have read this; in the foreground there is none.
  const supervision = await supervise({
    ...request,
    environment: context.environment,
    policy: policyFrom(context.environment),
    onLine: (line) => void say(context.stdout, line),
  });
  const stop = () => supervision.stop();
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  try {
    const code = await supervision.ended;
    await receiptsCommand(context, { run: request.run, format: 'text' });
    return code;
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}
