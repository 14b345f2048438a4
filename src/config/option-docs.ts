// The table of options for the README, made from the option table.
import { OPTION_KEYS, OPTION_TABLE } from './option-table.ts';

/** Markdown: option, environment, key in the person's file, default, meaning. */
export function optionsMarkdown(): string {
  const rows = OPTION_KEYS.filter((key) => !OPTION_TABLE[key].hidden).map((key) => {
    const { flag, environment, inFile, defaultText, help } = OPTION_TABLE[key];
    return [code(flag), environment.map(code).join(', '), inFile ? code(key) : '', defaultText, help];
  });
  const heading = ['option', 'environment', 'key in the file', 'default', 'meaning'];
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
