// `inspect` on 100 MB beside jq with the filter that people look into raw logs with.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { isolatedEnvironment } from '../../test/harness/environment.ts';
import { runProgram } from '../../test/harness/process.ts';
import { NODE, PROJECT_ROOT } from '../../test/harness/project.ts';
import type { Bench, Measurement } from './bench.ts';
import { lacking } from './on-path.ts';

const LOG_BYTES = 100 * 1024 * 1024;
const RECORDED = join(PROJECT_ROOT, 'test/fixtures/transcripts/tools.jsonl');
const CLI = process.env.RALPH_TEST_CLI ?? join(PROJECT_ROOT, 'dist/cli.js');
const FILTER = 'select(.type == "assistant") | .message.content[]? | select(.type == "text") | .text';
/** What commands print, from a word to what the agent shows of a long one; in turns. */
const RESULT_BYTES = [200, 600, 1_500, 4_000, 12_000, 30_000];

export const inspectBench: Bench = {
  name: 'inspect',
  about: 'a raw log of 100 MB, one long session of commands and their results',
  unit: 'ms',
  lacks: () => lacking('jq'),
  async prepare(folder) {
    const log = join(folder, 'iteration-1.log.raw');
    await writeLongLog(log);
    const env = await isolatedEnvironment(folder);
    const time = (argv: readonly string[]) => timed(argv, folder, env);
    return {
      ours: { name: 'ralph-tui inspect', measure: () => time([NODE, CLI, 'inspect', '--json', log]) },
      other: { name: 'jq', measure: () => time(['jq', '-r', FILTER, log]) },
    };
  },
};

async function timed(argv: readonly string[], cwd: string, env: Record<string, string>): Promise<Measurement> {
  const started = performance.now();
  const { exitCode, stderr } = await runProgram(argv, { cwd, env });
  if (exitCode !== 0) throw new Error(`${argv[0]} ended with ${exitCode}: ${stderr}`);
  return { values: [performance.now() - started] };
}

/** A recorded session whose Bash call, with its answer and some text, is repeated until the log is long. */
async function writeLongLog(path: string): Promise<void> {
  const lines = (await readFile(RECORDED, 'utf8')).trim().split('\n');
  const find = (part: string) => lines.find((line) => line.includes(part)) ?? '';
  const call = find('"name":"Bash"');
  const id = /"id":"(toolu_[^"]+)"/.exec(call)?.[1] ?? '';
  const answer = JSON.parse(lines.find((line) => line.includes(`"tool_use_id":"${id}"`)) ?? '');
  const text = find('"type":"text"');
  const file = createWriteStream(path);
  let written = 0;
  const write = async (line: string) => {
    written += line.length + 1;
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  };
  await write(lines[0] ?? '');
  for (let turn = 0; written < LOG_BYTES; turn++) {
    const own = (line: string) =>
      line.replaceAll(id, `toolu_${turn}`).replace(/"id":"msg_[^"]+"/, `"id":"msg_${turn}"`);
    const output = sourceText(RESULT_BYTES[turn % RESULT_BYTES.length] ?? 0, turn);
    answer.message.content[0].content = output;
    answer.tool_use_result.stdout = output;
    await write(own(call));
    await write(own(JSON.stringify(answer)));
    if (turn % 3 === 0) await write(text.replace(/"id":"msg_[^"]+"/, `"id":"msg_${turn}_text"`));
  }
  await write(lines.findLast((line) => line.includes('"subtype":"success"')) ?? '');
  file.end();
  await finished(file);
}

/** Looks like a program's source, with what JSON has to escape. */
function sourceText(bytes: number, seed: number): string {
  let text = '';
  for (let line = seed; text.length < bytes; line++) {
    text += `${'  '.repeat(line % 4)}const value${line} = await read("file-${line}.txt"); // step ${line * 7}\n`;
  }
  return text;
}
