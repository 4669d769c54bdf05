import { createServer } from 'node:net';
import { TerminalError } from '../errors.ts';
import { errnoOf } from './errno.ts';

/**
 * Resolves when the replicas of the log could listen on all these ports of this address now.
 * TerminalError `log.port-taken` names the first that is taken; other troubles are left to them.
 */
export async function refuseTakenPorts(address: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if ((await listenOnce(address, port)) !== 'EADDRINUSE') continue;
    throw new TerminalError(
      'log.port-taken',
      `Port ${port} of ${address}, which the log needs, is taken by another program: stop it, or choose six other ports with --log-port-base.`,
    );
  }
}

/** The error with which a port can not be opened; undefined when it can. */
function listenOnce(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errnoOf(error)));
    server.listen({ host: address, port }, () => server.close(() => resolve(undefined)));
  });
}
