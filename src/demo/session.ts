// What the scripted agent can do: talk, and use its tools for real. Every step is done and written to the stream.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShellResult, ShellTool } from './shell-tool.ts';
import type { AgentStream, Subagent } from './stream.ts';
import { makeId } from './stream.ts';
import { tokensOf } from './token-meter.ts';

/** How long the steps of a real agent take, more or less, at pace 1. */
const THINKING_MS_PER_CHARACTER = 12;
const WRITING_MS_PER_CHARACTER = 6;
const SHORTEST_STEP_MS = 300;
const LONGEST_STEP_MS = 3_000;

export class AgentSession {
  readonly #stream: AgentStream;
  readonly #shell: ShellTool;
  readonly #cwd: string;
  /** Multiplies every pause: 0 for none. */
  readonly pace: number;
  #subagent: Subagent | null = null;

  constructor(parts: { stream: AgentStream; shell: ShellTool; cwd: string; pace: number }) {
    this.#stream = parts.stream;
    this.#shell = parts.shell;
    this.#cwd = parts.cwd;
    this.pace = parts.pace;
  }

  async think(text: string): Promise<void> {
    await this.#pause(text.length * THINKING_MS_PER_CHARACTER);
    this.#stream.think(text);
  }

  async say(text: string): Promise<void> {
    await this.#pause(text.length * WRITING_MS_PER_CHARACTER);
    this.#stream.say(text);
  }

  /** @returns the file's text */
  async read(path: string): Promise<string> {
    const file = join(this.#cwd, path);
    const id = await this.#call('Read', { file_path: file });
    const content = readFileSync(file, 'utf8');
    const lines = content.split('\n');
    this.#stream.toolResult(
      id,
      {
        content: lines.map((line, index) => `${index + 1}\t${line}`).join('\n'),
        details: {
          type: 'text',
          file: { filePath: file, content, numLines: lines.length, startLine: 1, totalLines: lines.length },
        },
      },
      this.#subagent,
    );
    return content;
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.#cwd, path);
    const id = await this.#call('Write', { file_path: file, content });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.#stream.toolResult(
      id,
      {
        content: `File written: ${file}`,
        details: {
          type: 'create',
          filePath: file,
          content,
          structuredPatch: [],
          originalFile: null,
          userModified: false,
        },
      },
      this.#subagent,
    );
  }

  /** Replaces `oldText`; a tool error, and false, when it is not there exactly once. */
  async edit(path: string, oldText: string, newText: string): Promise<boolean> {
    const file = join(this.#cwd, path);
    const id = await this.#call('Edit', {
      replace_all: false,
      file_path: file,
      old_string: oldText,
      new_string: newText,
    });
    const before = readFileSync(file, 'utf8');
    const parts = before.split(oldText);
    if (parts.length !== 2) {
      const message = `The text to replace is there ${parts.length - 1} times.`;
      this.#stream.toolResult(id, { content: message, isError: true, details: `Error: ${message}` }, this.#subagent);
      return false;
    }
    writeFileSync(file, parts.join(newText));
    const line = (parts[0] ?? '').split('\n').length;
    const removed = oldText.split('\n');
    const added = newText.split('\n');
    const patch = {
      oldStart: line,
      oldLines: removed.length,
      newStart: line,
      newLines: added.length,
      lines: [...removed.map((text) => `-${text}`), ...added.map((text) => `+${text}`)],
    };
    this.#stream.toolResult(
      id,
      {
        content: `The file ${file} has been updated.`,
        details: {
          filePath: file,
          oldString: oldText,
          newString: newText,
          originalFile: before,
          structuredPatch: [patch],
          userModified: false,
          replaceAll: false,
        },
      },
      this.#subagent,
    );
    return true;
  }

  async bash(command: string, description: string): Promise<ShellResult> {
    const id = await this.#call('Bash', { command, description });
    const result = await this.#shell.run(command);
    const text = result.output === '' ? '(Bash completed with no output)' : result.output;
    this.#stream.toolResult(
      id,
      result.code === 0
        ? {
            content: text,
            isError: false,
            details: { stdout: result.output, stderr: '', interrupted: false, isImage: false, noOutputExpected: false },
          }
        : {
            content: `Exit code ${result.code}\n${result.output}`.trimEnd(),
            isError: true,
            details: `Error: Exit code ${result.code}\n${result.output}`.trimEnd(),
          },
      this.#subagent,
    );
    return result;
  }

  /** Hands `prompt` to a subagent: what `work` does carries its mark, and what it returns is the report. */
  async delegate(description: string, prompt: string, work: () => Promise<string>): Promise<void> {
    const type = 'Explore';
    const toolUseId = await this.#call('Agent', { description, prompt, subagent_type: type, run_in_background: false });
    const subagent: Subagent = { toolUseId, agentId: makeId('a').slice(2, 19), type, description };
    const task = { task_id: subagent.agentId, tool_use_id: toolUseId };
    this.#stream.system('task_started', {
      ...task,
      description,
      subagent_type: type,
      task_type: 'local_agent',
      prompt,
    });
    this.#stream.subagentPrompt(prompt, subagent);
    const startedMs = performance.now();
    this.#subagent = subagent;
    const report = await work().finally(() => {
      this.#subagent = null;
    });
    const usage = { total_tokens: tokensOf(report) + 6_000, duration_ms: Math.round(performance.now() - startedMs) };
    this.#stream.system('task_updated', { task_id: subagent.agentId, patch: { status: 'completed' } });
    this.#stream.system('task_notification', { ...task, status: 'completed', summary: report, usage });
    this.#stream.toolResult(
      toolUseId,
      {
        content: [{ type: 'text', text: report }],
        details: {
          status: 'completed',
          prompt,
          agentId: subagent.agentId,
          agentType: type,
          content: [{ type: 'text', text: report }],
          totalDurationMs: usage.duration_ms,
          totalTokens: usage.total_tokens,
        },
      },
      null,
    );
  }

  async #call(name: string, input: Readonly<Record<string, unknown>>): Promise<string> {
    await this.#pause(JSON.stringify(input).length * WRITING_MS_PER_CHARACTER);
    return this.#stream.toolUse(name, input, this.#subagent);
  }

  async #pause(wantedMs: number): Promise<void> {
    const boundedMs = Math.min(LONGEST_STEP_MS, Math.max(SHORTEST_STEP_MS, wantedMs));
    if (this.pace > 0) await sleep(boundedMs * this.pace);
  }
}
