// What may stand in the person's file, made from the option table; checks every value, also those of other repositories.
import { z } from 'zod';
import { InvalidValueError } from '../text/invalid-value-error.ts';
import type { RawValue } from './option-definition.ts';
import { OPTION_KEYS, OPTION_TABLE, type OptionKey } from './option-table.ts';

/** Options as they stand in the file, by key; their values were checked. */
export type FileOptions = Partial<Record<OptionKey, RawValue>>;

/** Options for every mode, and for single modes. */
export type FileSection = FileOptions & {
  readonly modes?: Readonly<Record<string, FileOptions | undefined>> | undefined;
};

export interface PersonFile {
  /** Commands for --until, by name. */
  readonly checks?: Readonly<Record<string, string>> | undefined;
  readonly defaults?: FileSection | undefined;
  /** By the real path of the repository's top folder. */
  readonly repositories?: Readonly<Record<string, FileSection>> | undefined;
}

const SHAPES = {
  value: z.union([z.string(), z.number()], { error: 'takes one value, a text or a number' }),
  switch: z.boolean({ error: 'is on or off; write true or false' }),
  list: z.array(z.string(), { error: 'takes a list of texts' }),
} as const;

const OPTION_SHAPES = Object.fromEntries(
  OPTION_KEYS.filter((key) => OPTION_TABLE[key].inFile).map((key) => [key, checked(key).optional()]),
);

const OPTIONS = z.strictObject(OPTION_SHAPES);
const MODE_SECTIONS = z.strictObject({
  build: OPTIONS.optional(),
  plan: OPTIONS.optional(),
  'plan-work': OPTIONS.optional(),
});
const SECTION = z.strictObject({ ...OPTION_SHAPES, modes: MODE_SECTIONS.optional() });

export const PERSON_FILE_SCHEMA = z.strictObject({
  checks: z.record(z.string(), z.string().min(1, 'is empty; write a command')).optional(),
  defaults: SECTION.optional(),
  repositories: z
    .record(z.string().regex(/^\//, 'is no absolute path; write the full path of the repository'), SECTION)
    .optional(),
});

/** The first thing that is wrong, as `defaults.memory: …`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'cannot be read';
  const at = issue.path.map(String).join('.');
  const inModes = issue.path.at(-1) === 'modes';
  if (issue.code === 'unrecognized_keys') {
    const where = at === '' ? '' : ` in ${at}`;
    const known = at === '' ? 'checks, defaults, repositories' : keysOf(inModes ? MODE_SECTIONS : OPTIONS);
    return `unknown key ${JSON.stringify(issue.keys[0])}${where}; allowed: ${known}`;
  }
  if (issue.code === 'invalid_key') return `${at}: ${issue.issues[0]?.message ?? 'is no key'}`;
  return at === '' ? issue.message : `${at}: ${issue.message}`;
}

function keysOf(section: z.ZodObject): string {
  return Object.keys(section.shape).join(', ');
}

function checked(key: OptionKey) {
  const { kind, read } = OPTION_TABLE[key];
  return SHAPES[kind].superRefine((value: RawValue, context) => {
    try {
      read(value);
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });
}
