import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  connectWorld,
  type SimulatedHostClient,
} from '../../src/adapters/simulated-world-client.ts';
import { serveWorld } from '../../src/adapters/simulated-world-server.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createWorld, type World } from '../../src/simulation/world.ts';

let folder: string;
let socketPath: string;
let world: World;
let stopServing: () => Promise<void>;
let client: SimulatedHostClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'civitas-world-'));
  socketPath = join(folder, 'world.sock');
  world = createWorld({ clock: createSystemClock(), speed: 100 });
  world.addHost({ hostname: 'n1', address: '127.0.1.1' });
  stopServing = await serveWorld(world, socketPath);
  client = connectWorld(socketPath, 'n1');
});

afterEach(async () => {
  client.close();
  await stopServing();
  await rm(folder, { recursive: true });
});

describe('a simulated world over a socket', () => {
  test('answers as the world itself does, also with nothing', async () => {
    await client.files.write('/etc/x', 'é\n"1"', 0o600);
    const local = world.hostPorts('n1');
    expect({
      written: await client.files.read('/etc/x'),
      absent: await client.files.read('/etc/y'),
      etcd: await client.etcd.members(),
      check: await client.host.check('v1.34.4'),
      network: await client.podNetwork.observe(),
    }).toEqual({
      written: 'é\n"1"',
      absent: undefined,
      etcd: undefined,
      check: await local.host.check('v1.34.4'),
      network: await local.podNetwork.observe(),
    });
  });

  test('an argument that is undefined is none', async () => {
    const local = world.hostPorts('n1');
    expect(await client.host.check('v1.34.4', undefined)).toEqual(
      await local.host.check('v1.34.4'),
    );
  });

  test('carries a file of one mebibyte', async () => {
    const content = '\n'.repeat(1_048_576);
    await client.files.write('/large', content, 0o644);
    expect(await client.files.read('/large')).toBe(content);
  });

  test('fails with the errors of the ports', async () => {
    await expect(client.kube.nodes()).rejects.toMatchObject({
      code: 'kube.refused',
      retryable: false,
    });
    world.powerOff('n1');
    await expect(client.files.read('/etc/x')).rejects.toMatchObject({
      code: 'simulation.powered-off',
      retryable: true,
    });
  });

  test('runs operations for agents that come and go', async () => {
    await client.operations.start('images', ['kubeadm', 'config', 'images', 'pull'], 60);
    client.close();
    expect((await client.operations.observe('images')).phase).toBe('running');
  });

  test('is unreachable while nobody serves, and found again afterwards', async () => {
    await stopServing();
    await expect(client.host.cgroupDriver()).rejects.toMatchObject({
      code: 'simulation.unreachable',
      retryable: true,
    });
    stopServing = await serveWorld(world, socketPath);
    expect(await client.host.cgroupDriver()).toBe('systemd');
  });

  test('does not let in whom it does not know', async () => {
    const stranger = connectWorld(socketPath, 'n9');
    await expect(stranger.host.cgroupDriver()).rejects.toMatchObject({
      code: 'simulation.unreachable',
    });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  });

  test.each([
    { what: 'no JSON', line: 'hello\n' },
    { what: 'no host', line: '{"name":"n1"}\n' },
    { what: 'a request of another form', line: '{"host":"n1"}\n{"id":-1}\n' },
    { what: 'a line without end', line: 'x'.repeat(9_000_000) },
  ])('hangs up on $what, and goes on with others', async ({ line }) => {
    expect(await answersTo(line)).toBe('');
    expect(await client.host.cgroupDriver()).toBe('systemd');
  });

  test('has no methods but those of the ports', async () => {
    const call = '{"host":"n1"}\n{"id":1,"port":"files","method":"constructor","args":[]}\n';
    const [answer = ''] = (await answersTo(call, '\n')).split('\n');
    expect(JSON.parse(answer).error.message).toBe(
      'TypeError: a simulated host has no files.constructor',
    );
  });
});

/** What comes back until the server hangs up, or until `end`. */
function answersTo(line: string, end?: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(socketPath, () => socket.write(line));
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      received += text;
      if (end && received.includes(end)) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => resolve(received));
  });
}
