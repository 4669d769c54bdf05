import { RetryableError } from '../errors.ts';

export interface OpenRequests<Reply> {
  /** Numbers a request, has it sent, and waits for its answer until the deadline. */
  open(send: (id: number) => void): Promise<Reply>;
  /** Nothing when nobody waits for this answer any more. */
  answer(id: number, reply: Reply): void;
  refuse(id: number, error: Error): void;
  /** Ends all of them, and those to come. */
  close(reason: Error): void;
}

interface Waiting<Reply> {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** Questions on one connection that have no answer yet. `onLate` is told of each that got none in time. */
export function createOpenRequests<Reply>(
  deadlineMs: number,
  onLate: (error: Error) => void,
): OpenRequests<Reply> {
  const waiting = new Map<number, Waiting<Reply>>();
  let lastId = 0;
  let closed: Error | undefined;

  function take(id: number): Waiting<Reply> | undefined {
    const request = waiting.get(id);
    waiting.delete(id);
    return request;
  }

  return {
    open(send) {
      if (closed) return Promise.reject(closed);
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const timer = setTimeout(() => onLate(late(deadlineMs)), deadlineMs);
      waiting.set(id, { resolve, reject });
      send(id);
      return promise.finally(() => clearTimeout(timer));
    },
    answer: (id, reply) => take(id)?.resolve(reply),
    refuse: (id, error) => take(id)?.reject(error),
    close(reason) {
      closed = reason;
      for (const id of [...waiting.keys()]) take(id)?.reject(reason);
    },
  };
}

function late(deadlineMs: number): RetryableError {
  return new RetryableError(
    'peer.timeout',
    `The peer did not answer within ${deadlineMs} ms: look at the load of that machine if it stays.`,
  );
}
