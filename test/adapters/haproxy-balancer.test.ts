import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { runCommand } from '../../src/adapters/execa-exec.ts';
import { programsOf } from '../../src/adapters/find-program.ts';
import { createHaproxyBalancer } from '../../src/adapters/haproxy-balancer.ts';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Balancer, BalancerServer } from '../../src/ports/balancer.ts';
import { type FakeApiServer, startFakeApiServer } from '../support/fake-api-server.ts';
import { haproxyChild } from '../support/haproxy-process.ts';
import { askFreshly, steadyClient } from '../support/steady-client.ts';
import { tlsOf } from '../support/tls-certificate.ts';
import { temporaryFolders } from './temporary-folder.ts';

const haproxy = await programsOf('/')('haproxy');
const tls = tlsOf('cluster', 'kube-apiserver');
const clock = createSystemClock();
const SILENCE = 'silence';

/** Health checks take their time, and a busy machine more. */
jest.setTimeout(30_000);

const newFolder = temporaryFolders();

let folder: string;
let port: number;
let balancer: Balancer;
let stopHaproxy: () => Promise<void>;
let apiServers: FakeApiServer[];

describe(haproxy ? 'haproxy balancer' : 'haproxy is not installed here: its balancer', () => {
  if (haproxy === undefined) {
    test('is not tested on this machine', () => undefined);
    return;
  }

  beforeEach(async () => {
    folder = await newFolder();
    port = await freePort();
    apiServers = [];
    const configPath = join(folder, 'haproxy.cfg');
    const child = haproxyChild(haproxy, configPath);
    stopHaproxy = child.stop;
    balancer = createHaproxyBalancer({
      settings: {
        endpoint: `127.0.0.1:${port}`,
        socketPath: join(folder, 'admin.sock'),
        workerId: null,
      },
      configPath,
      process: child.process,
      run: runCommand,
      files: createHostFileSystem('/'),
      clock,
    });
  });

  afterEach(async () => {
    await stopHaproxy();
    await Promise.all(apiServers.map((server) => server.stop()));
  });

  test('before it is installed it does not run and knows no server', async () => {
    expect(await balancer.observe()).toEqual({ running: false, servers: [], fileServers: [] });
  });

  test('it runs without any server, as it must before the first kubeadm', async () => {
    await balancer.install([]);
    expect(await balancer.observe()).toEqual({ running: true, servers: [], fileServers: [] });
  });

  test('the first server is added to the running process and serves', async () => {
    const [a] = await start('a');
    await balancer.install([]);
    await balancer.addServer(a);
    await until(async () => (await upServers()).length === 1);
    expect(await askFreshly(port, tls.ca)).toBe('a');
  });

  test('a server that is not ready yet gets no connection', async () => {
    const [a, b] = await start('a', 'b');
    apiServers[1]?.setReadyz(500);
    await balancer.install([a]);
    await balancer.addServer(b);
    expect(await manyAnswers(50)).toEqual(['a']);
    expect(await upServers()).toEqual(['a']);
  });

  test('adding and removing servers breaks no connection of another server', async () => {
    const [a, b, c] = await start('a', 'b', 'c');
    await balancer.install([a, b]);
    const clients = Array.from({ length: 20 }, () => steadyClient(port, tls.ca));
    const before = await Promise.all(clients.map((client) => client.ask()));

    await balancer.addServer(c);
    await until(async () => (await upServers()).length === 3);
    await balancer.removeServer('b');
    const onA = clients.filter((_, index) => before[index] === 'a');
    expect(onA).toHaveLength(10);
    expect(await Promise.all(onA.map((client) => client.ask()))).toEqual(onA.map(() => 'a'));
    expect(await manyAnswers(50)).toEqual(['c']); // has the fewest connections
    for (const client of clients) client.close();
  });

  test('short requests never fail while servers come and go', async () => {
    const [a, b] = await start('a', 'b');
    await balancer.install([a, b]);
    let changing = true;
    const asking = (async () => {
      let answered = 0;
      for (; changing; answered += 1) await askFreshly(port, tls.ca);
      return answered;
    })();
    for (let round = 0; round < 3; round += 1) {
      await balancer.removeServer('b');
      await balancer.addServer(b);
      await until(async () => (await upServers()).length === 2);
    }
    changing = false;
    expect(await asking).toBeGreaterThan(10);
  });

  test('connections of a server that stops being ready are cut, so that clients move on', async () => {
    const [a, b] = await start('a', 'b');
    await balancer.install([a, { ...b, preferred: false }]);
    const client = steadyClient(port, tls.ca);
    expect(await client.ask()).toBe('a');
    apiServers[0]?.setReadyz(500);
    await client.untilCut();
    expect(await client.ask()).toBe('b');
    client.close();
  });

  test('connections of a server that shuts down are kept, and new ones go elsewhere', async () => {
    const [a, b] = await start('a', 'b');
    await balancer.install([a, { ...b, preferred: false }]);
    const client = steadyClient(port, tls.ca);
    expect(await client.ask()).toBe('a');
    // As the API server says it, within some forty lines.
    apiServers[0]?.setReadyz(500, '[+]etcd ok\n[-]shutdown failed: reason withheld\n');
    await until(async () => (await askFreshly(port, tls.ca)) === 'b');
    expect(await upServers()).toEqual(['b']);
    expect(await client.ask()).toBe('a');
    client.close();
  });

  test('the preferred server takes all connections while it is up', async () => {
    const [a, b, c] = await start('a', 'b', 'c');
    const backups = [b, c].map((server) => ({ ...server, preferred: false }));
    await balancer.install([a, ...backups]);
    expect(await manyAnswers(20)).toEqual(['a']);
    await balancer.removeServer('a');
    expect(await manyAnswers(20)).toEqual(['b', 'c']);
    await balancer.addServer(a);
    await until(async () => (await upServers()).includes('a'));
    expect(await manyAnswers(20)).toEqual(['a']);
  });

  test('what the file says is what it starts from, whatever the Runtime API did', async () => {
    const [a, b] = await start('a', 'b');
    await balancer.install([a]);
    await balancer.addServer(b);
    await balancer.writeFile([a, b]);
    await stopHaproxy();
    await balancer.install([a, b]);
    const { servers, fileServers } = await balancer.observe();
    expect(fileServers).toEqual([a, b]);
    expect(servers.map(({ up: _, ...server }) => server)).toEqual([a, b]);
  });

  test('installing other servers over a running process keeps its connections', async () => {
    const [a, b] = await start('a', 'b');
    await balancer.install([a]);
    const client = steadyClient(port, tls.ca);
    expect(await client.ask()).toBe('a');
    await balancer.install([a, b]);
    expect(await client.ask()).toBe('a');
    expect((await balancer.observe()).fileServers).toEqual([a, b]);
    client.close();
  });

  test('a server left behind half added is taken up anew', async () => {
    const [a] = await start('a');
    await balancer.install([]);
    await balancer.addServer({ ...a, port: 1 });
    await balancer.addServer(a);
    await until(async () => (await upServers()).join() === 'a');
    expect((await balancer.observe()).servers).toEqual([{ ...a, up: true }]);
  });

  test('a server is let go of when a client has left and the server never answers that', async () => {
    const [a] = await start('a');
    const front = await silentFront(a);
    await balancer.install([front.server]);
    await until(async () => (await upServers()).length === 1);
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.end(SILENCE);
    await front.leftAlone;
    try {
      await expect(balancer.removeServer('a')).resolves.toBeUndefined();
    } finally {
      client.destroy();
      front.stop();
    }
  });

  test('removing what is not there, or from nothing that runs, is told apart', async () => {
    await expect(balancer.removeServer('a')).rejects.toMatchObject({
      code: 'balancer.not-running',
      retryable: true,
    });
    await balancer.install([]);
    await expect(balancer.removeServer('a')).resolves.toBeUndefined();
  });
});

async function start<Names extends readonly string[]>(...names: Names) {
  const started = await Promise.all(names.map((name) => startFakeApiServer(name, tls)));
  apiServers.push(...started);
  return started.map(({ server }) => server) as { [Index in keyof Names]: BalancerServer };
}

/** In front of a server; whoever sends this first gets no answer, not even when they leave. */
async function silentFront({ name, preferred, port: behind }: BalancerServer) {
  const sockets = new Set<Socket>();
  const left = Promise.withResolvers<void>();
  const front = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (first) => {
      if (String(first) === SILENCE) return socket.on('end', left.resolve);
      const server = connect(behind, '127.0.0.1').on('error', () => undefined);
      server.write(first);
      return socket.pipe(server).pipe(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port: own } = front.address() as AddressInfo;
  const stop = () => {
    front.close();
    for (const socket of sockets) socket.destroy();
  };
  const server: BalancerServer = { name, preferred, address: '127.0.0.1', port: own };
  return { server, leftAlone: left.promise, stop };
}

async function upServers(): Promise<readonly string[]> {
  const { servers } = await balancer.observe();
  return servers.filter(({ up }) => up).map(({ name }) => name);
}

async function manyAnswers(count: number): Promise<readonly string[]> {
  const names = new Set<string>();
  for (let index = 0; index < count; index += 1) names.add(await askFreshly(port, tls.ca));
  return [...names].sort();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await clock.sleep(10);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}
