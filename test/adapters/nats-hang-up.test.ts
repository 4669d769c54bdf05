import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NatsConnectionImpl } from '@nats-io/transport-node';
import { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js';
import { type LogConnection, openLogConnection } from '../../src/adapters/nats-connection.ts';
import { deriveLogUsers } from '../../src/adapters/nats-keys.ts';
import type { LogSession } from '../../src/adapters/nats-session.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import { type FakeNatsServer, startFakeNatsServer } from '../support/fake-nats-server.ts';
import { genesisRecord, JOIN_KEY } from '../support/genesis-record.ts';
import { tlsOf } from '../support/tls-certificate.ts';

const MOST_TRIES = 50;

let servers: readonly FakeNatsServer[];
let connection: LogConnection;

beforeEach(async () => {
  const tls = tlsOf('log', 'server');
  servers = [await startFakeNatsServer(tls), await startFakeNatsServer(tls)];
  const { ca, cert, key } = tlsOf('log', 'client');
  const user = deriveLogUsers(JOIN_KEY, genesisRecord().clusterId).client;
  connection = openLogConnection({
    name: 'agent',
    replicas: placesOf(0),
    credentials: { certificatePem: cert, keyPem: key, authorityPem: ca, user },
    clock: createSystemClock(),
    random: createSystemRandom(),
  });
});

afterEach(async () => {
  await connection.close();
  for (const server of servers) await server.stop();
});

// An error that nobody hears ends a process, and fails a test.
test('an agent lives on when it leaves for other replicas while the one it is with hangs up', async () => {
  let isHit = false;
  for (let tried = 0; !isHit && tried < MOST_TRIES; tried += 1) {
    const session = await nextSession();
    isHit = await hangsUp(session, tried % 2);
    const broken = new Promise((resolve) => session.broken.addEventListener('abort', resolve));
    session.nats.publish('civitas.beat', 'too late');
    // The client writes in a microtask.
    await Promise.resolve();
    connection.follow(placesOf((tried + 1) % 2));
    await broken;
  }
  expect(isHit).toBe(true);
  expect((await nextSession()).nats.isClosed()).toBe(false);
});

function placesOf(index: number) {
  return [{ address: '127.0.0.1', clientPort: servers[index]?.port ?? 0 }];
}

async function nextSession(): Promise<LogSession> {
  const session = await connection.session(AbortSignal.timeout(20_000));
  if (!session) throw new Error('there was no session');
  return session;
}

/** Whether the socket of the client is caught between the end that it heard and its own. */
async function hangsUp({ nats }: LogSession, index: number): Promise<boolean> {
  const socket = socketOf(nats);
  servers[index]?.hangUp();
  while (!socket.writableEnded) await nextTurn();
  return !socket.destroyed;
}

function socketOf(nats: LogSession['nats']): Socket {
  if (!(nats instanceof NatsConnectionImpl)) throw new TypeError('it is another client');
  const { transport } = nats.protocol;
  if (!(transport instanceof NodeTransport)) throw new TypeError('it is another transport');
  return transport.socket;
}
