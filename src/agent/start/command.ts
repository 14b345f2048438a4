// The command line of one attempt's agent (facts/claude-code.md 5). The prompt comes on standard input.

export interface AgentCommandRequest {
  /** The program: `claude`, a path, or a program with arguments of its own. */
  readonly program: readonly string[];
  readonly model: string;
  /** A fresh UUID for every attempt: the agent refuses one that was used before. */
  readonly sessionId: string;
  readonly maxTurns: number | null;
  /** What stood behind `--`: comes last, so that it wins. */
  readonly extraArguments: readonly string[];
}

export interface AgentCommand {
  readonly argv: readonly string[];
  /** The session to expect in the stream; null where the person's own arguments pick it. */
  readonly sessionId: string | null;
}

const SESSION_OPTIONS: ReadonlySet<string> = new Set([
  '--session-id',
  '--resume',
  '-r',
  '--continue',
  '-c',
  '--from-pr',
]);

/** Options that would take the stream away from its reader, and why they cannot stand behind `--`. */
const REFUSED_OPTIONS: Readonly<Record<string, string>> = {
  '--output-format': 'ralph-tui reads stream-json',
  '--input-format': 'the prompt is sent as text',
  '--help': 'it prints help instead of working',
  '-h': 'it prints help instead of working',
  '--version': 'it prints a version instead of working',
  '-v': 'it prints a version instead of working',
  '--background': 'it would leave the sandbox behind',
  '--bg': 'it would leave the sandbox behind',
};

export function agentCommand(request: AgentCommandRequest): AgentCommand {
  const picksSession = optionsIn(request.extraArguments).some((option) => SESSION_OPTIONS.has(option));
  const argv = [
    ...request.program,
    '-p',
    '--output-format',
    'stream-json',
    // Without it the agent refuses stream-json.
    '--verbose',
    '--dangerously-skip-permissions',
    '--model',
    request.model,
    ...(picksSession ? [] : ['--session-id', request.sessionId]),
    ...(request.maxTurns === null ? [] : ['--max-turns', String(request.maxTurns)]),
    ...request.extraArguments,
  ];
  return { argv, sessionId: picksSession ? null : request.sessionId };
}

/** One line that says why these arguments behind `--` cannot work; null when they can. */
export function refuseArguments(extraArguments: readonly string[]): string | null {
  const refused = optionsIn(extraArguments).find((option) => Object.hasOwn(REFUSED_OPTIONS, option));
  return refused === undefined ? null : `${refused} cannot be given behind --: ${REFUSED_OPTIONS[refused]}`;
}

/** Names only: `--resume=ID` counts as `--resume`. */
function optionsIn(argv: readonly string[]): string[] {
  return argv.filter((argument) => argument.startsWith('-')).map((argument) => argument.split('=', 1)[0] ?? argument);
}
