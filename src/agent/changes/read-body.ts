import { z } from 'zod';
import { TerminalError } from '../../errors.ts';

const MOST_LETTERS = 300;

/** What a command sent. TerminalError `agent.bad-request` names the fields that do not fit. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const fields = z.prettifyError(error).replace(/\s+/g, ' ').slice(0, MOST_LETTERS);
  throw new TerminalError(
    'agent.bad-request',
    `The request does not fit (${fields}): correct it, or use a civitas of the same release.`,
  );
}
