import type { Replica } from '../state/genesis-record.ts';
import { VOTER_NAME } from './certificates.ts';
import { endpoint } from './nats-config.ts';
import type { LogUser } from './nats-keys.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** A replica that hangs is left after 2 unanswered pings, so within 9 s. */
const PING_MS = 3_000;
const MOST_PINGS_OUT = 2;

/** How an agent proves itself to the replicas, and they to it. */
export interface LogCredentials {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly authorityPem: string;
  readonly user: LogUser;
}

export interface LogClient {
  /** Shown in the replicas' own lists of clients. */
  readonly name: string;
  readonly replicas: readonly Pick<Replica, 'address' | 'clientPort'>[];
  readonly credentials: LogCredentials;
}

/** What the NATS client needs to reach and to be let in by any of the replicas. */
export function clientOptions({ name, replicas, credentials }: LogClient) {
  const { certificatePem, keyPem, authorityPem, user } = credentials;
  // The client would check a server that it reached by address against `localhost`. Its types do
  // not know `servername`, but all of `tls` goes to node:tls.
  const tls = {
    servername: VOTER_NAME,
    ca: authorityPem,
    cert: certificatePem,
    key: keyPem,
    minVersion: 'TLSv1.3',
  };
  return {
    name,
    servers: replicas.map(({ address, clientPort }) => endpoint(address, clientPort)),
    tls,
    authenticator: (challenge = '') => {
      return { nkey: user.publicKey, sig: user.answer(challenge) };
    },
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    // Servers name each other, also one that was removed from the log and still runs.
    ignoreClusterUpdates: true,
    // A replica that restarts with other users answers like one that refuses us for good.
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    maxPingOut: MOST_PINGS_OUT,
    noAsyncTraces: true,
  };
}
