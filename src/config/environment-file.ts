// Reads a file of KEY=VALUE lines (--env-file). Its values are secrets: no message ever repeats one.
import { ConfigError } from './config-error.ts';

/**
 * Lines are `KEY=VALUE`, `export KEY=VALUE`, empty, or comments with `#`. A value in single quotes is taken as it is,
 * in double quotes with \n, \t, \" and \\ as escapes; an unquoted one ends at ` #`. Nothing is expanded.
 * @param path For messages.
 * @throws ConfigError with the number of the line.
 */
export function parseEnvironmentFile(text: string, path: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(trimmed);
    const [, name, written] = match ?? [];
    if (name === undefined || written === undefined) throw problem(path, index, 'is no KEY=VALUE line');
    const value = readValue(written);
    if (value === null) throw problem(path, index, `the value of ${name} has a quote that is not closed on its line`);
    if (value.includes('\0')) throw problem(path, index, `the value of ${name} has a NUL byte`);
    values[name] = value;
  }
  return values;
}

/** Null when a quote is not closed, or something follows it. */
function readValue(written: string): string | null {
  if (written.startsWith("'")) return /^'([^']*)'\s*(?:#.*)?$/.exec(written)?.[1] ?? null;
  if (written.startsWith('"')) {
    const quoted = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(written)?.[1];
    return quoted === undefined ? null : resolveEscapes(quoted);
  }
  return written.replace(/(^|\s)#.*$/, '').trim();
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function resolveEscapes(quoted: string): string {
  return quoted.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}

function problem(path: string, index: number, what: string): ConfigError {
  return new ConfigError(`${path}, line ${index + 1}: ${what}; write KEY=VALUE`);
}
