// Writes stream-json lines as the agent does, with times and ids that are the same in every test run.

type Fields = Readonly<Record<string, unknown>>;

export const SESSION = '50cfd40d-0000-4000-8000-000000000001';
export const WORKDIR = '/repository';
export const MODEL = 'claude-opus-5-5';

/** Lines of one session. The clock moves on by `seconds` before each line, 1 where nothing is said. */
export class AgentOutput {
  readonly #lines: string[] = [];
  #clockMs: number;
  #calls = 0;
  #requests = 0;

  /** @param startedAt ISO 8601 */
  constructor(startedAt: string) {
    this.#clockMs = Date.parse(startedAt);
  }

  get bytes(): Buffer {
    return Buffer.from(this.#lines.join(''));
  }

  get at(): string {
    return new Date(this.#clockMs).toISOString();
  }

  init(): this {
    return this.#line(0, {
      type: 'system',
      subtype: 'init',
      cwd: WORKDIR,
      model: MODEL,
      claude_code_version: '2.1.329',
    });
  }

  text(text: string, seconds = 1): this {
    return this.#assistant({ type: 'text', text }, null, seconds);
  }

  think(text: string, seconds = 1): this {
    return this.#assistant({ type: 'thinking', thinking: text, signature: '' }, null, seconds);
  }

  /** A call, and its answer unless that is null. `result` is what the CLI puts beside the text. */
  tool(
    name: string,
    input: Fields,
    answer: { readonly text: string; readonly isError?: boolean; readonly result?: Fields } | null,
    { seconds = 1, parent = null }: { readonly seconds?: number; readonly parent?: string | null } = {},
  ): this {
    this.#calls += 1;
    const id = `toolu_${this.#calls}`;
    this.#assistant({ type: 'tool_use', id, name, input }, parent, seconds);
    if (answer === null) return this;
    const content = [{ type: 'tool_result', tool_use_id: id, content: answer.text, is_error: answer.isError ?? false }];
    return this.#line(seconds, {
      type: 'user',
      message: { role: 'user', content },
      parent_tool_use_id: parent,
      tool_use_result: answer.result,
    });
  }

  bash(
    command: string,
    output: string | null,
    options: { readonly seconds?: number; readonly isError?: boolean } = {},
  ): this {
    const answer = output === null ? null : { text: output, isError: options.isError ?? false };
    return this.tool('Bash', { command }, answer, options);
  }

  edit(path: string, added: number, removed: number): this {
    const lines = [...Array<string>(removed).fill('-old'), ...Array<string>(added).fill('+new')];
    const result = { filePath: `${WORKDIR}/${path}`, structuredPatch: [{ lines }] };
    return this.tool('Edit', { file_path: `${WORKDIR}/${path}` }, { text: 'updated', result });
  }

  read(path: string, lines: number): this {
    const result = { file: { numLines: lines } };
    return this.tool('Read', { file_path: `${WORKDIR}/${path}` }, { text: '1\tx', result });
  }

  /** Any line of the protocol. */
  raw(fields: Fields, seconds = 1): this {
    return this.#line(seconds, fields);
  }

  result(text: string, seconds = 1): this {
    return this.#line(seconds, {
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: text,
      num_turns: this.#requests,
      duration_ms: 61_000,
      total_cost_usd: 0.66,
      modelUsage: {},
    });
  }

  #assistant(block: Fields, parent: string | null, seconds: number): this {
    this.#requests += 1;
    const usage = {
      input_tokens: 4,
      cache_read_input_tokens: 90_000 + this.#requests * 1_000,
      cache_creation_input_tokens: 900,
    };
    return this.#line(seconds, {
      type: 'assistant',
      message: { id: `msg_${this.#requests}`, model: MODEL, content: [block], usage },
      parent_tool_use_id: parent,
    });
  }

  #line(seconds: number, fields: Fields): this {
    this.#clockMs += seconds * 1000;
    this.#lines.push(`${JSON.stringify({ ...fields, session_id: SESSION, timestamp: this.at })}\n`);
    return this;
  }
}
