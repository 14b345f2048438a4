// What goes over the control socket: one JSON line there, one JSON line back.
import { z } from 'zod';
import { INSTRUCTION_FILES } from '../core/instructions.ts';
import type { RunCommand } from '../core/run-command.ts';

/** Longest line that is listened to. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/** A command names its attempt, so that a late answer to a question never hits the next one. */
const attemptSchema = z
  .strictObject({ iteration: z.int().min(1), attempt: z.int().min(1) })
  .nullable()
  .default(null);

const idSchema = z.string().min(1).max(100);

const planSchema = z.strictObject({
  done: z.int().min(0),
  open: z.int().min(0),
  removed: z.int().min(0),
  current: z.string().nullable(),
});

export const requestSchema = z.discriminatedUnion('command', [
  z.strictObject({ id: idSchema, command: z.literal('ping'), args: z.strictObject({}).default({}) }),
  z.strictObject({ id: idSchema, command: z.literal('pause'), args: z.strictObject({}).default({}) }),
  z.strictObject({
    id: idSchema,
    command: z.literal('resume'),
    args: z.strictObject({ next: z.boolean().default(false) }).default({ next: false }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('stop'),
    args: z.strictObject({ when: z.enum(['now', 'after_iteration', 'attempt']), attempt: attemptSchema }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('kill'),
    args: z.strictObject({ attempt: attemptSchema }).default({ attempt: null }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('restart'),
    args: z.strictObject({ attempt: attemptSchema }).default({ attempt: null }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('set_max'),
    args: z.strictObject({ max: z.int().min(1).nullable() }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('set_mode'),
    args: z.strictObject({ mode: z.enum(['build', 'plan']) }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('note_edit'),
    args: z.strictObject({ file: z.enum(INSTRUCTION_FILES) }),
  }),
  z.strictObject({
    id: idSchema,
    command: z.literal('note_undo'),
    args: z.strictObject({
      iteration: z.int().min(1),
      head: z.string().min(1).max(64),
      plan: planSchema.nullable(),
      fetchCommand: z.string().min(1),
    }),
  }),
]);

/** A request as the server's handler gets it: checked, defaults filled in. */
export type Request = z.output<typeof requestSchema>;

export const responseSchema = z.object({
  /** The request's id; empty when the request could not be read. */
  id: z.string(),
  ok: z.boolean(),
  /** One line for people: what happens now, or why it does not. */
  message: z.string(),
  data: z.unknown().optional(),
});

export type Response = z.infer<typeof responseSchema>;

/** The core's command in a request; null for `ping`, which changes nothing. */
export function commandOf(request: Request): RunCommand | null {
  return request.command === 'ping' ? null : toRunCommand(request);
}

function toRunCommand(request: Exclude<Request, { command: 'ping' }>): RunCommand {
  switch (request.command) {
    case 'pause':
      return { name: 'pause' };
    case 'resume':
      return { name: 'resume', next: request.args.next };
    case 'stop':
      return { name: 'stop', when: request.args.when, attempt: request.args.attempt };
    case 'kill':
      return { name: 'kill', attempt: request.args.attempt };
    case 'restart':
      return { name: 'restart', attempt: request.args.attempt };
    case 'set_max':
      return { name: 'set_max', max: request.args.max };
    case 'note_edit':
      return { name: 'note_edit', file: request.args.file };
    case 'note_undo':
      return { name: 'note_undo', ...request.args };
    case 'set_mode':
      return { name: 'set_mode', mode: request.args.mode };
  }
}

/** The request that carries a command of the core, or `ping`. */
export function requestFor(id: string, command: RunCommand | { readonly name: 'ping' }): Request {
  const { name, ...args } = command;
  return requestSchema.parse({ id, command: name, args });
}

export type ReadRequest =
  | { readonly request: Request; readonly problem: null }
  | { readonly request: null; readonly problem: Response };

/** Reads one line; what cannot be read comes with the answer to give. */
export function readRequest(line: string): ReadRequest {
  const refuse = (id: string, message: string): ReadRequest => ({ request: null, problem: { id, ok: false, message } });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refuse('', 'the request is not a line of JSON');
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return { request: parsed.data, problem: null };
  const id = z.object({ id: idSchema }).safeParse(value);
  const issue = parsed.error.issues[0];
  return refuse(id.success ? id.data.id : '', `bad request: ${issue?.path.join('.') || 'request'}: ${issue?.message}`);
}
