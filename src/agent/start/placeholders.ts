// Finds what a template left for somebody to fill in. Rather misses one than cries wolf:
// links, checkboxes, options, generics, shell and template syntax are none.

const PATTERNS: readonly RegExp[] = [
  // [project-specific goal], [your name], [insert the test command]
  /\[(?:project[- ]|your |insert |add |describe |replace |fill |enter |name of |path to )[^\]\n]{1,80}\](?![(:[])/gi,
  // `[test command]`, [build command]
  /\[[a-z][a-z -]{0,40} (?:command|commands|name|path|url|goal|description|here)\](?![(:[])/gi,
  // <your project>, <insert goal here>, <project-name>
  /<(?:your|insert|replace|describe|fill|enter|project|placeholder)[ _-][^<>\n]{1,60}>/gi,
  // {{PROJECT_NAME}}
  /(?<!\$)\{\{ ?[A-Z][A-Z0-9_]{2,60} ?\}\}/g,
  // TODO: fill in, FIXME describe the goal
  /\b(?:TODO|FIXME|XXX):? *(?:fill|describe|replace|write|add your|add the|your)\b[^\n]{0,60}/gi,
  // ${WORK_SCOPE}, which the plan-work prompt gets replaced
  /\$\{WORK_SCOPE\}/g,
  // Goal: TBD
  /: *TBD *$/gim,
];

const FOUND_LIMIT = 5;

/** The placeholders as they stand there, each once, at most five. */
export function findPlaceholders(text: string): string[] {
  const found = new Set<string>();
  const usage = usageLines(text);
  for (const pattern of PATTERNS) {
    for (const match of usage.matchAll(pattern)) found.add(match[0].trim());
  }
  return [...found].slice(0, FOUND_LIMIT);
}

/** Without lines like `usage: tool [your file] <your-option>`: there the brackets belong. */
function usageLines(text: string): string {
  return text.replace(/^.*\busage: .*$/gim, '');
}
