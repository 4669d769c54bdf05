import { once } from 'node:events';
import { Agent, get, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A client that keeps one connection, as a kubelet does. */
export interface SteadyClient {
  /** The name of the server that answers. */
  ask(): Promise<string>;
  /** Resolves once the connection of the last question is closed. */
  untilCut(): Promise<void>;
  close(): void;
}

export function steadyClient(port: number, ca: string): SteadyClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
  let connection: Socket | undefined;
  return {
    ask: () =>
      askOnce({ agent, host: '127.0.0.1', port, path: '/' }, (socket) => {
        connection = socket;
      }),
    untilCut: async () => {
      if (connection !== undefined && !connection.closed) await once(connection, 'close');
    },
    close: () => agent.destroy(),
  };
}

/** One request on a connection of its own. */
export function askFreshly(port: number, ca: string): Promise<string> {
  return askOnce({ agent: false, ca, host: '127.0.0.1', port, path: '/' }, () => undefined);
}

async function askOnce(options: RequestOptions, onSocket: (s: Socket) => void): Promise<string> {
  const request = get(options);
  request.once('socket', onSocket);
  const [response] = await once(request, 'response');
  return text(response);
}
