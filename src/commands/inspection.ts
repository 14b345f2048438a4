// What `inspect` says of a log, as scripts read it, and of many together.
import type { ModelSpend } from '../agent/digest/amount.ts';
import type { AgentDigest } from '../agent/digest/digest.ts';
import { spendTotals } from '../agent/digest/spend.ts';
import { OUTCOME_RULES, type Outcome, type OutcomeKind } from '../core/outcome.ts';
import { addSpend, NO_SPEND, type Spend } from '../report/spend.ts';
import { safeLine, sanitize } from '../text/sanitize.ts';

interface Counts {
  readonly toolCalls: number;
  /** Started by the agent. */
  readonly subagents: number;
  readonly apiRetries: number;
  readonly skippedLines: number;
}

/** Stable: scripts read it. Texts of the agent are safe to show. */
export interface Inspection extends Spend, Counts {
  readonly models: Readonly<Record<string, ModelSpend>>;
  /** As it was typed. */
  readonly file: string;
  readonly outcome: Outcome & { readonly counted: boolean };
  readonly agent: { readonly sessionId: string | null; readonly version: string | null; readonly model: string | null };
  /** Of the main conversation. */
  readonly lastText: string | null;
  /** Name of the tool that was called last. */
  readonly lastTool: string | null;
}

export interface InspectionTotal extends Spend, Counts {
  readonly models: Readonly<Record<string, ModelSpend>>;
  readonly files: number;
  /** How often each kind of end came. */
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>;
}

export function inspectionOf(file: string, digest: AgentDigest, outcome: Outcome): Inspection {
  const { kind, message, resetsAt } = outcome;
  const { costUsd, costBasis, tokens, models } = spendTotals(digest.spend);
  return {
    file,
    outcome: { kind, message, resetsAt, counted: OUTCOME_RULES[kind].counted },
    costUsd,
    costBasis,
    tokens,
    models: Object.fromEntries(Object.entries(models).map(([name, spend]) => [safeLine(name), spend])),
    agent: {
      sessionId: safeLine(digest.sessionId),
      version: safeLine(digest.agentVersion),
      model: safeLine(digest.model),
    },
    toolCalls: digest.toolCalls,
    subagents: digest.subagents.started,
    apiRetries: digest.apiRetries.count,
    lastText: digest.lastText === null ? null : sanitize(digest.lastText),
    lastTool: safeLine(digest.lastCall?.name ?? null),
    skippedLines: digest.skippedLines,
  };
}

export function totalOf(inspections: readonly Inspection[]): InspectionTotal {
  const sum = (count: (inspection: Inspection) => number) =>
    inspections.reduce((total, inspection) => total + count(inspection), 0);
  const outcomes: Partial<Record<OutcomeKind, number>> = {};
  const models = new Map<string, ModelSpend>();
  for (const { outcome, models: used } of inspections) {
    outcomes[outcome.kind] = (outcomes[outcome.kind] ?? 0) + 1;
    for (const [name, spend] of Object.entries(used)) models.set(name, addModel(models.get(name), spend));
  }
  return {
    files: inspections.length,
    outcomes,
    ...inspections.reduce<Spend>(addSpend, NO_SPEND),
    models: Object.fromEntries(models),
    toolCalls: sum(({ toolCalls }) => toolCalls),
    subagents: sum(({ subagents }) => subagents),
    apiRetries: sum(({ apiRetries }) => apiRetries),
    skippedLines: sum(({ skippedLines }) => skippedLines),
  };
}

function addModel(before: ModelSpend | undefined, spend: ModelSpend): ModelSpend {
  if (before === undefined) return spend;
  const { tokens, costUsd } = addSpend({ ...before, costBasis: 'reported' }, { ...spend, costBasis: 'reported' });
  return { tokens, costUsd };
}
