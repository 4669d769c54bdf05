import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TlsPair } from './tls-certificate.ts';

/** What of the client protocol of NATS a session needs to begin, and how it may end. */
export interface FakeNatsServer {
  readonly port: number;
  /** How many clients it let in. */
  sessions(): number;
  /** Ends every session, as a server does that is stopped. */
  hangUp(): void;
  stop(): Promise<void>;
}

const INFO = {
  server_id: 'fake',
  version: '2.15.0',
  proto: 1,
  headers: true,
  max_payload: 1_048_576,
  tls_required: true,
  nonce: 'bm9uY2U',
};

export async function startFakeNatsServer({ cert, key, ca }: TlsPair): Promise<FakeNatsServer> {
  const open = new Set<Socket>();
  let sessions = 0;

  function letIn(socket: TLSSocket): void {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      const pings = data.toString().split('PING\r\n').length - 1;
      if (data.toString().includes('CONNECT ')) sessions += 1;
      if (pings > 0) socket.write('PONG\r\n'.repeat(pings));
    });
  }

  const server = createServer((socket) => {
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
    letIn(new TLSSocket(socket, { isServer: true, cert, key, ca, requestCert: true }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sessions: () => sessions,
    hangUp() {
      for (const socket of open) socket.end();
    },
    async stop() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
