import { request } from 'node:http';
import { z } from 'zod';
import { TerminalError } from '../errors.ts';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const problemSchema = z.object({ code: z.string(), message: z.string() });

/**
 * Asks the agent of this machine. TerminalError `agent.not-running` when nobody listens,
 * else the agent's own error with its code.
 */
export function askAgent<S extends z.ZodType>(
  socketPath: string,
  path: `/v1/${string}`,
  schema: S,
): Promise<z.infer<S>> {
  return exchange({ socketPath, path, method: 'GET' }, '', schema);
}

/** Asks it to change something; resolves once that is acknowledged. Rejects like `askAgent`. */
export function tellAgent<S extends z.ZodType>(
  socketPath: string,
  path: `/v1/${string}`,
  body: object,
  schema: S,
): Promise<z.infer<S>> {
  return exchange({ socketPath, path, method: 'POST' }, JSON.stringify(body), schema);
}

interface Question {
  readonly socketPath: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
}

async function exchange<S extends z.ZodType>(
  question: Question,
  sent: string,
  schema: S,
): Promise<z.infer<S>> {
  const { status, body } = await send(question, sent);
  const parsed: unknown = JSON.parse(body);
  if (status === 200) return schema.parse(parsed);
  const problem = problemSchema.parse(parsed);
  throw new TerminalError(problem.code, problem.message);
}

function send(question: Question, sent: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ ...question, timeout: TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_ANSWER_BYTES) call.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    call.on('error', (cause) => reject(unreachable(question.socketPath, cause)));
    call.end(sent);
  });
}

function unreachable(socketPath: string, cause: Error & { code?: string }): TerminalError {
  const code = cause.code === 'EACCES' ? 'agent.forbidden' : 'agent.not-running';
  const message =
    code === 'agent.forbidden'
      ? `You may not ask the agent at ${socketPath}: run this as root.`
      : `No agent answers at ${socketPath}: start it with \`civitas join --token-file FILE\`, or name its --state-dir.`;
  return new TerminalError(code, message, { cause });
}
