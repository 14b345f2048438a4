// Writes what the README says of options from the code that reads them. `--check` only says whether it is true.
import { readFile, writeFile } from 'node:fs/promises';
import { optionsMarkdown } from '../src/config/option-docs.ts';
import { keysMarkdown } from '../src/tui/keymap/keys-markdown.ts';

const path = new URL('../README.md', import.meta.url);
const text = await readFile(path, 'utf8');
const updated = replaceSection(replaceSection(text, 'options', optionsMarkdown()), 'keys', keysMarkdown());

if (!process.argv.includes('--check')) await writeFile(path, updated);
else if (updated !== text) {
  console.error('README.md is out of date: npm run readme');
  process.exitCode = 1;
}

/** Between the comment that begins with `<!-- name:` and `<!-- /name -->`. */
function replaceSection(markdown: string, name: string, content: string): string {
  const section = new RegExp(`(<!-- ${name}:[^\n]*-->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!section.test(markdown)) throw new Error(`README.md has no section ${name}`);
  return markdown.replace(section, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}
