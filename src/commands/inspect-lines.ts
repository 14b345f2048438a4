// What `inspect` says of a log, in a few lines for people.
import { joinParts } from '../report/join-parts.ts';
import { OUTCOME_WORDS } from '../report/outcome-words.ts';
import { formatCost } from '../report/spend.ts';
import { formatCount } from '../text/count.ts';
import { plural } from '../text/plural.ts';
import { safeLine } from '../text/sanitize.ts';
import { truncateToWidth } from '../text/width.ts';
import type { Inspection, InspectionTotal } from './inspection.ts';

const INDENT = '  ';

/** Lines of at most `columns` cells. */
export function inspectionLines(inspection: Inspection, columns: number): string[] {
  const { outcome, agent, lastText } = inspection;
  const { glyph } = OUTCOME_WORDS[outcome.kind];
  const who = [agent.model, agent.version === null ? null : `claude ${agent.version}`, agent.sessionId];
  const said = lastText === null ? '' : safeLine(lastText).trim();
  return [
    truncateToWidth(safeLine(inspection.file), columns),
    ...joinParts(`${INDENT}${glyph} `, [`${outcome.kind} · ${outcome.message}`], columns),
    ...joinParts(INDENT, [...spendParts(inspection), ...countParts(inspection)], columns),
    ...joinParts(
      INDENT,
      who.filter((part) => part !== null),
      columns,
    ),
    ...(said === '' ? [] : [truncateToWidth(`${INDENT}last words: ${said}`, columns)]),
  ].filter((line) => line.trim() !== '');
}

export function totalLines(total: InspectionTotal, columns: number): string[] {
  const outcomes = Object.entries(total.outcomes).map(([kind, count]) => `${count} ${kind}`);
  const models = Object.entries(total.models).map(
    ([name, { costUsd }]) => `${name} ${formatCost({ ...total, costUsd })}`,
  );
  return [
    ...joinParts('total: ', [plural(total.files, 'log'), ...outcomes], columns),
    ...joinParts(INDENT, [...spendParts(total), ...countParts(total)], columns),
    ...(models.length < 2 ? [] : joinParts(INDENT, models, columns)),
  ];
}

function spendParts({ costUsd, costBasis, tokens }: Pick<Inspection, 'costUsd' | 'costBasis' | 'tokens'>): string[] {
  const { input, output, cacheRead, cacheWrite } = tokens;
  const all = `tokens: ${formatCount(input)} in, ${formatCount(output)} out, ${formatCount(cacheRead)} cached, ${formatCount(cacheWrite)} to cache`;
  return [formatCost({ costUsd, costBasis }), all];
}

type Counted = Pick<Inspection, 'toolCalls' | 'subagents' | 'apiRetries' | 'skippedLines'> & {
  readonly lastTool?: string | null;
};

function countParts({ toolCalls, subagents, apiRetries, skippedLines, lastTool }: Counted): string[] {
  return [
    `${plural(toolCalls, 'tool call')}${lastTool ? `, ${lastTool} last` : ''}`,
    ...(subagents === 0 ? [] : [plural(subagents, 'subagent')]),
    ...(apiRetries === 0 ? [] : [plural(apiRetries, 'retry', 'retries')]),
    ...(skippedLines === 0 ? [] : [`${plural(skippedLines, 'line')} skipped`]),
  ];
}
