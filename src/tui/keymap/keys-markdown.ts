// The table of keys for the README, made from the table that the program reads.
import { KEY_GROUPS } from './bindings.ts';
import { shownKey } from './key-names.ts';

/** Markdown: keys and what they do, group by group. */
export function keysMarkdown(): string {
  const rows = Object.values(KEY_GROUPS).flatMap(({ heading, bindings }) => [
    `| **${heading}** | |`,
    ...bindings.map(
      ({ keys, label }) =>
        `| ${keys.map((key) => `\`${shownKey(key)}\``).join(' ')} | ${label.replaceAll('|', '\\|')} |`,
    ),
  ]);
  return ['| key | what it does |', '| --- | --- |', ...rows].join('\n');
}
