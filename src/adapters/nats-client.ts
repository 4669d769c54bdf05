import type { Socket } from 'node:net';
import {
  type ConnectionOptions,
  type NatsConnection,
  NatsConnectionImpl,
  setTransportFactory,
} from '@nats-io/transport-node';
import { NodeTransport, nodeResolveHost } from '@nats-io/transport-node/lib/node_transport.js';

/**
 * `connect` of the NATS client, but that no socket which the client gave up ends the process. The client
 * (3.4.0) takes every listener away from such a socket, also while an error is on its way: one that was
 * written to after its server had hung up says `write after end`, and an error that nobody hears is thrown.
 */
export function connectNats(options: ConnectionOptions): Promise<NatsConnection> {
  // One for all clients of the process: every one has to come from here.
  setTransportFactory({ factory: createTransport, dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}

function createTransport(): NodeTransport {
  const transport = new NodeTransport();
  const setUp = transport.setupHandlers.bind(transport);
  transport.setupHandlers = () => {
    setUp();
    keepHeard(transport.socket);
  };
  return transport;
}

/** While the client listens it hears of errors itself; afterwards they tell nothing new. */
function keepHeard(socket: Socket): void {
  const removeAll = socket.removeAllListeners.bind(socket);
  socket.removeAllListeners = (event) => removeAll(event).on('error', () => undefined);
}
