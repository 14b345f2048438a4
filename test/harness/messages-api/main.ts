// The stand-in Messages API as a program, for trying things by hand. The first line on stdout is its URL.
//   node test/harness/messages-api/main.ts --scenario file.json [--port N] [--host ADDRESS] [--log requests.jsonl]
//   node test/harness/messages-api/main.ts --plan-worker [--seconds N] [--until-file PATH]
// `--host docker` listens on the address under which containers reach this machine.
import { parseArgs } from 'node:util';
import { dockerBridgeAddress } from './bridge-address.ts';
import { planWorker } from './plan-worker.ts';
import { startMessagesApi } from './server.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    'plan-worker': { type: 'boolean', default: false },
    seconds: { type: 'string', default: '0' },
    'until-file': { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    log: { type: 'string' },
  },
});
if ((values.scenario === undefined) === !values['plan-worker']) {
  console.error('Give either --scenario FILE or --plan-worker.');
  process.exit(2);
}

const untilFile = values['until-file'];
const worker = planWorker({ seconds: Number(values.seconds), ...(untilFile === undefined ? {} : { untilFile }) });
const api = await startMessagesApi({
  scenario: values.scenario ?? worker,
  port: Number(values.port),
  host: values.host === 'docker' ? await dockerBridgeAddress() : values.host,
  ...(values.log === undefined ? {} : { logPath: values.log }),
});
console.log(api.url);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.close());
