// What a tool call is about, in a few words: the command, the file, the pattern.
import { asArray, asObject, asString, type JsonObject, oneLine } from '../stream/narrow.ts';

export const SUMMARY_LIMIT = 200;

/** Fields in the order in which they tell most, for tools that have no line of their own below. */
const TELLING_FIELDS = ['file_path', 'path', 'command', 'pattern', 'query', 'url', 'description', 'name', 'prompt'];

/**
 * One line, at most `SUMMARY_LIMIT` characters, empty when the input says nothing; still raw text.
 * `workdir` is cut from the front of paths.
 */
export function summarizeTool(name: string, input: JsonObject, workdir: string | null): string {
  return oneLine(describe(name, input, workdir), SUMMARY_LIMIT);
}

/** A path as the agent sees it from its working directory. */
export function shortPath(path: string, workdir: string | null): string {
  if (workdir === null || workdir === '/' || !path.startsWith(`${workdir}/`)) return path;
  return path.slice(workdir.length + 1);
}

function describe(name: string, input: JsonObject, workdir: string | null): string {
  const field = (key: string) => asString(input[key]);
  const path = (key: string) => shortPath(field(key) ?? '', workdir);
  switch (name) {
    case 'Bash':
      return `${field('command') ?? ''}${input.run_in_background === true ? ' (in the background)' : ''}`;
    case 'Read':
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
      return path('file_path');
    case 'NotebookEdit':
      return path('notebook_path');
    case 'Grep':
    case 'Glob':
      return [field('pattern'), field('path') === null ? null : `in ${path('path')}`]
        .filter((part) => part !== null)
        .join(' ');
    case 'Agent':
    case 'Task': {
      const kind = field('subagent_type');
      const model = field('model');
      const notes = [kind, model].filter((note) => note !== null).join(', ');
      return `${field('description') ?? ''}${notes === '' ? '' : ` (${notes})`}`;
    }
    case 'TodoWrite': {
      const todos = asArray(input.todos).map(asObject);
      const done = todos.filter((todo) => todo.status === 'completed').length;
      const current = todos.find((todo) => todo.status === 'in_progress');
      return `${done} of ${todos.length} done${current === undefined ? '' : `, now: ${asString(current.content) ?? ''}`}`;
    }
    default: {
      const telling = TELLING_FIELDS.find((key) => asString(input[key]) !== null);
      return telling === undefined ? '' : shortPath(field(telling) ?? '', workdir);
    }
  }
}
