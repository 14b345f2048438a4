// What an undo throws away and brings back, as lines for a person who has to agree to it.
import type { CommitInfo } from '../core/receipt.ts';
import { plural } from '../text/plural.ts';
import { safeLine } from '../text/sanitize.ts';
import type { EarlierChange, UndoPlan } from '../workspace/git/undo-survey.ts';

const LISTED = 12;

/** `Go back to before iteration 7? Thrown away, and kept aside: 2 commits and changes to 3 files.` */
export function undoQuestion({ request, commits, uncommitted }: UndoPlan): string {
  const loss = [
    ...(commits.length > 0 ? [plural(commits.length, 'commit')] : []),
    ...(uncommitted.length > 0 ? [`changes to ${plural(uncommitted.length, 'file')}`] : []),
  ];
  const what = loss.length > 0 ? loss.join(' and ') : 'nothing that git knows';
  return `Go back to before iteration ${request.iteration}? Thrown away, and kept aside: ${what}.`;
}

/** Safe to show. */
export function undoLines(plan: UndoPlan, notes: readonly string[] = plan.notes): string[] {
  const { base, branch, request } = plan;
  const strange = new Set(plan.strangeCommits.map(({ sha }) => sha));
  const commits = plan.commits.map(
    (commit) => `${title(commit)}${strange.has(commit.sha) ? ' (not of this run)' : ''}`,
  );
  return [
    `sets ${branch} back to before iteration ${request.iteration}: ${title(base)}`,
    ...listed(`takes ${plural(plan.commits.length, 'commit')} from ${branch}:`, commits),
    ...listed(
      `throws away uncommitted changes to ${plural(plan.uncommitted.length, 'file')}:`,
      plan.uncommitted.map(({ path, status }) => `${path} (${status.replace('_', ' ')})`),
    ),
    ...listed(`brings back ${plural(plan.restored.length, 'file')}:`, plan.restored),
    ...listed(
      `brings back ${plural(plan.broughtBack.length, 'file')} that ${were(plan.broughtBack)} uncommitted before iteration ${request.iteration}:`,
      plan.broughtBack.map(earlier),
    ),
    ...listed(`removes ${plural(plan.removed.length, 'file')}:`, plan.removed),
    ...listed(
      `leaves alone ${plural(plan.untouched.length, 'file')} that ${were(plan.untouched)} uncommitted before iteration ${request.iteration}:`,
      plan.untouched.map(earlier),
    ),
    ...listed(`leaves alone ${plural(plan.untracked.length, 'new file')} that git does not know:`, plan.untracked),
    ...(plan.broughtBack.length + plan.untouched.length > 0 ? ['note: nothing is staged afterwards'] : []),
    ...notes.map((note) => `note: ${note}`),
  ].map((line) => safeLine(line));
}

function were({ length }: readonly EarlierChange[]): string {
  return length === 1 ? 'was' : 'were';
}

function earlier({ path, status }: EarlierChange): string {
  return `${path} (${status})`;
}

function listed(heading: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - LISTED;
  return [heading, ...items.slice(0, LISTED).map((item) => `  ${item}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

function title({ sha, subject }: CommitInfo): string {
  return `${sha.slice(0, 7)} ${subject}`;
}
