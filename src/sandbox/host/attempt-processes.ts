// Which processes belong to an attempt. A process group is not enough: the agent's shell tool has a session of its own,
// and what is started with `&` or setsid loses its parent (facts/claude-code.md 3 and 10).
import { isSameProcess, withDescendants } from '../../system/processes/descendants.ts';
import type { ProcessIdentity, ProcessStat } from '../../system/processes/process-table.ts';
import { listProcesses, wasStartedWith } from '../../system/processes/process-table.ts';

/** Every process of an attempt carries this variable with the sandbox's name. */
export const ATTEMPT_VARIABLE = 'RALPH_ATTEMPT';

/** Finds an attempt's processes, again and again; remembers which ones it has asked already. */
export class AttemptProcesses {
  readonly #entry: string;
  readonly #agentStartTicks: number;
  readonly #marked = new Map<string, boolean>();

  /**
   * @param name the sandbox's name
   * @param agent the attempt's first process: what is older need not be asked for its mark; null when unknown
   */
  constructor(name: string, agent: ProcessIdentity | null) {
    this.#entry = `${ATTEMPT_VARIABLE}=${name}`;
    this.#agentStartTicks = agent?.startTicks ?? 0;
  }

  /**
   * The living processes that carry the attempt's mark, those of `roots` that live, and all descendants of both.
   * A process that drops the whole environment and loses its parent is not found.
   */
  list(roots: readonly ProcessIdentity[]): ProcessStat[] {
    return withDescendants(
      listProcesses(),
      (process) => roots.some((root) => isSameProcess(root, process)) || this.#isMarked(process),
    );
  }

  #isMarked(process: ProcessIdentity): boolean {
    if (process.startTicks < this.#agentStartTicks) return false;
    const key = `${process.pid} ${process.startTicks}`;
    const known = this.#marked.get(key);
    if (known !== undefined) return known;
    const marked = wasStartedWith(process.pid, this.#entry);
    this.#marked.set(key, marked);
    return marked;
  }
}
