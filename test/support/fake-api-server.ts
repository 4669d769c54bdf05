import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { BalancerServer } from '../../src/ports/balancer.ts';
import type { TlsPair } from './tls-certificate.ts';

export interface FakeApiServer {
  readonly server: BalancerServer;
  /** From now on `/readyz` answers with this status. */
  setReadyz(status: number): void;
  stop(): Promise<void>;
}

/** Says its name to whoever asks; `/readyz` first answers 200. */
export async function startFakeApiServer(name: string, tls: TlsPair): Promise<FakeApiServer> {
  let readyz = 200;
  const https = createServer(
    { cert: tls.cert, key: tls.key, keepAliveTimeout: 60_000 },
    (request, response) => {
      response.statusCode = request.url === '/readyz' ? readyz : 200;
      response.end(name);
    },
  );
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const { port } = https.address() as AddressInfo;
  return {
    server: { name, address: '127.0.0.1', port, preferred: true },
    setReadyz: (status) => {
      readyz = status;
    },
    stop: async () => {
      https.close();
      https.closeAllConnections();
      await once(https, 'close');
    },
  };
}
