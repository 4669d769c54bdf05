import { connect } from 'node:net';
import { RetryableError } from '../errors.ts';

/**
 * One question and the whole answer, until the other side closes. Undefined when nobody listens
 * there. Rejects with RetryableError `socket.failed` on a time-out, an answer longer than
 * `maxBytes` or a broken connection.
 */
export function askSocket(
  path: string,
  question: string,
  timeoutMs: number,
  maxBytes: number,
): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  const socket = connect(path, () => socket.end(question));
  socket.setTimeout(timeoutMs, () => socket.destroy(failed(path, 'no answer in time')));
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) socket.destroy(failed(path, 'the answer is too long'));
  });
  socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
    else reject(error instanceof RetryableError ? error : failed(path, error.message));
  });
  return promise;
}

function failed(path: string, reason: string): RetryableError {
  const message = `HAProxy's socket ${path} can not be asked (${reason}): run \`systemctl restart civitas-haproxy\` if it stays.`;
  return new RetryableError('socket.failed', message);
}

/** Whether something accepts connections at a Unix socket. */
export function isListening(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path, () => {
    socket.destroy();
    resolve(true);
  });
  socket.on('error', () => resolve(false));
  return promise;
}
