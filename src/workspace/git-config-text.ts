// Reads a git configuration file as text, without git: git would act on what it finds there.

export interface ConfigEntry {
  /** Lower case. */
  readonly section: string;
  /** As written, '' where there is none. */
  readonly subsection: string;
  /** Lower case. */
  readonly key: string;
  /** A key without `=` means true. */
  readonly value: string;
}

const HEADER = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?\]/;
const ASSIGNMENT = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=(.*))?$/s;

/**
 * The entries in the order of the file (git-config(1), "Syntax"). Lines that are no configuration are
 * skipped, includes are not followed.
 */
export function parseGitConfig(text: string): ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let section = '';
  let subsection = '';
  for (const line of joinedLines(text)) {
    let rest = line.trim();
    const header = HEADER.exec(rest);
    if (header !== null) {
      const [name = '', dotted] = splitOnce(header[1] ?? '', '.');
      section = name.toLowerCase();
      subsection = header[2]?.replace(/\\(.)/g, '$1') ?? dotted?.toLowerCase() ?? '';
      rest = rest.slice(header[0].length).trim();
    }
    const assignment = ASSIGNMENT.exec(rest);
    if (assignment === null || section === '') continue;
    const [, key = '', raw] = assignment;
    entries.push({ section, subsection, key: key.toLowerCase(), value: raw === undefined ? 'true' : parseValue(raw) });
  }
  return entries;
}

/** The last value of a key, as git takes it; null where it is not set. */
export function configValue(
  entries: readonly ConfigEntry[],
  section: string,
  subsection: string,
  key: string,
): string | null {
  const last = entries.findLast(
    (entry) => entry.section === section && entry.subsection === subsection && entry.key === key,
  );
  return last?.value ?? null;
}

/** Lines, where one that ends in a backslash goes on in the next. */
function joinedLines(text: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
    const part = goesOn ? line.slice(0, -1) : line;
    if (open) lines.push(`${lines.pop() ?? ''}${part}`);
    else lines.push(part);
    open = goesOn;
  }
  return lines;
}

/** Takes quotes and escapes away, and a comment behind the value. */
function parseValue(raw: string): string {
  let value = '';
  let quoted = false;
  // Blanks at the end belong to the value only inside quotes.
  let keep = 0;
  const text = raw.trim();
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') {
      quoted = !quoted;
      keep = value.length;
      continue;
    }
    if (!quoted && (character === '#' || character === ';')) break;
    if (character === '\\') {
      at += 1;
      value += ESCAPES[text[at] ?? ''] ?? text[at] ?? '';
    } else {
      value += character;
    }
    if (quoted || !/\s/.test(character)) keep = value.length;
  }
  return value.slice(0, keep);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
