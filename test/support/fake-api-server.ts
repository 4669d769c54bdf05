import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { BalancerServer } from '../../src/ports/balancer.ts';
import type { TlsPair } from './tls-certificate.ts';

export interface FakeApiServer {
  readonly server: BalancerServer;
  /** From now on `/readyz` answers with this status, and these words instead of its name. */
  setReadyz(status: number, words?: string): void;
  stop(): Promise<void>;
}

/** Says its name to whoever asks; `/readyz` first answers 200. */
export async function startFakeApiServer(name: string, tls: TlsPair): Promise<FakeApiServer> {
  let readyz = { status: 200, words: name };
  const https = createServer(
    { cert: tls.cert, key: tls.key, keepAliveTimeout: 60_000 },
    (request, response) => {
      const answer = request.url === '/readyz' ? readyz : { status: 200, words: name };
      response.statusCode = answer.status;
      response.end(answer.words);
    },
  );
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const { port } = https.address() as AddressInfo;
  return {
    server: { name, address: '127.0.0.1', port, preferred: true },
    setReadyz: (status, words = name) => {
      readyz = { status, words };
    },
    stop: async () => {
      https.close();
      https.closeAllConnections();
      await once(https, 'close');
    },
  };
}
