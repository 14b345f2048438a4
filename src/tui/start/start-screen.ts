// The start screen as lines: how things stand, and what can be started. Pure.
import { joinParts } from '../../report/join-parts.ts';
import { formatWhen } from '../../text/clock.ts';
import { plural } from '../../text/plural.ts';
import { EMPTY_LINE, fitLine, type Line, line, lineWidth, span, type Tone } from '../parts/line.ts';
import { rule } from '../parts/rule.ts';
import type { Size } from '../terminal/size.ts';
import type { StartFacts } from './start-facts.ts';
import { startHelp } from './start-help.ts';
import { type StartView, startKeys } from './start-keys.ts';

const LABEL_CELLS = 10;
const ANY_KEY: Line = [span(' any key ', 'accent'), span('back ')];

/** Exactly `rows` lines. */
export function startScreen(facts: StartFacts, size: Size, now: number, view: StartView, timeZone?: string): Line[] {
  const { columns, rows } = size;
  const lines: Line[] = [
    rule(
      columns,
      [
        { text: 'ralph-tui', at: 2 },
        { text: facts.repository, at: null },
      ],
      true,
    ),
    EMPTY_LINE,
    ...(view.isHelp ? startHelp(facts, columns) : standing(facts, columns, now, timeZone)),
  ];
  const room = Math.max(0, rows - 2);
  const body = lines.slice(0, room);
  const filled = [...body, ...Array.from({ length: room - body.length }, () => EMPTY_LINE)];
  return [...filled, line(view.said ?? '', 'needs_you'), view.isHelp ? ANY_KEY : footer(facts, columns)]
    .slice(-rows)
    .map((text) => fitLine(text, columns));
}

/** How things stand. */
function standing(facts: StartFacts, columns: number, now: number, timeZone: string | undefined): Line[] {
  return [
    ...row('last run', lastRun(facts, now, timeZone)),
    ...row('branch', [branch(facts)]),
    ...row('plan', plan(facts)),
    ...row('sandbox', [line(`${facts.sandbox} · ${facts.model}`)]),
    ...row('pays', [line(facts.whoPays)]),
    ...(facts.limit === null
      ? []
      : row('limit', [
          line(`${facts.limit.message} · until ${formatWhen(facts.limit.until, now, timeZone)}`, 'waits'),
        ])),
    EMPTY_LINE,
    ...facts.refusals.flatMap((refusal) => row('!', wrapped(refusal, columns, 'needs_you'))),
    ...facts.warnings.flatMap((warning) => row('note', wrapped(warning, columns, 'waits'))),
  ];
}

function row(label: string, contents: readonly Line[]): Line[] {
  return contents.map((content, index) => [
    span(`  ${(index === 0 ? label : '').padEnd(LABEL_CELLS)}`, 'dim'),
    ...content,
  ]);
}

function wrapped(text: string, columns: number, tone: Tone): Line[] {
  return joinParts('', [text], Math.max(20, columns - LABEL_CELLS - 4)).map((part) => line(part, tone));
}

function lastRun({ lastRun }: StartFacts, now: number, timeZone: string | undefined): Line[] {
  if (lastRun === null) return [line('none yet', 'dim')];
  return [line(`${lastRun.mode}, ${formatWhen(lastRun.at, now, timeZone)}: ${lastRun.ended}`)];
}

function branch({ branch, uncommittedFiles }: StartFacts): Line {
  const files =
    uncommittedFiles === null
      ? 'uncommitted files unknown'
      : uncommittedFiles === 0
        ? 'clean'
        : `${plural(uncommittedFiles, 'uncommitted file')}`;
  return [span(branch ?? 'detached HEAD', 'strong'), span(` · ${files}`, uncommittedFiles === 0 ? 'dim' : 'waits')];
}

function plan({ tasks, planFile }: StartFacts): Line[] {
  if (tasks === null) return [line(`no ${planFile} yet: P writes one`, 'waits')];
  const tone: Tone = tasks.open === 0 ? 'good' : 'plain';
  return [
    line(`${plural(tasks.open, 'open task')}, ${tasks.done} done`, tone),
    ...(tasks.next === null ? [] : [line(`next: ${tasks.next}`)]),
  ];
}

/** All of it where there is room, else short words. */
function footer(facts: StartFacts, columns: number): Line {
  const keys = startKeys(facts);
  const forms = [
    keys.map(({ label }) => label),
    keys.map(({ label, choice }) => (choice === 'view' ? 'last run' : label.replace(/ \(.*\)$/, ''))),
  ];
  const lines = forms.map((labels) =>
    keys.flatMap(({ shown, disabled }, index) => [
      span(` ${shown} `, disabled === null ? 'accent' : 'dim'),
      span(`${labels[index]} `, disabled === null ? 'plain' : 'dim'),
    ]),
  );
  return lines.find((text) => lineWidth(text) <= columns) ?? lines.at(-1) ?? EMPTY_LINE;
}
