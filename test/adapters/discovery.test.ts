import { describe, expect, test } from '@jest/globals';
import { createStaticDiscovery, parseStaticPeer } from '../../src/adapters/static-discovery.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createRememberedDiscovery } from '../../src/formation/remembered-discovery.ts';
import type { Discovery } from '../../src/ports/discovery.ts';
import { createMemoryDurable } from '../formation/memory-durable.ts';

const clock = createSystemClock();

/** What a provider finds before it is stopped, and what it then says of itself. */
async function findings(discovery: Discovery, until: (found: readonly string[]) => boolean) {
  const found: string[] = [];
  const { stop } = discovery.start((address, port) => found.push(`${address} ${port}`));
  for (let round = 0; round < 200 && !until(found); round += 1) await clock.sleep(10);
  await stop();
  return { found, health: discovery.health() };
}

describe('static discovery', () => {
  test.each([
    { text: '192.0.2.7:7000', peer: { host: '192.0.2.7', port: 7_000 } },
    { text: 'node-7.example', peer: { host: 'node-7.example', port: 7_946 } },
    { text: '[fd00::7]:7000', peer: { host: 'fd00::7', port: 7_000 } },
    { text: '[fd00::7]', peer: { host: 'fd00::7', port: 7_946 } },
  ])('$text is an address', ({ text, peer }) => {
    expect(parseStaticPeer(text)).toEqual(peer);
  });

  test.each(['', ':7946', 'host:0', 'host:65536', 'host:x', 'fd00::7', '[fd00::7'])(
    '"%s" is none, and an example is given',
    (text) => {
      expect(() => parseStaticPeer(text)).toThrow(/write host:port, such as 192\.168\.1\.7:7946/);
    },
  );

  test('finds the addresses it was given, names among them', async () => {
    const peers = [parseStaticPeer('192.0.2.7:7000'), parseStaticPeer('localhost:7001')];
    const { found, health } = await findings(
      createStaticDiscovery(peers, clock),
      ({ length }) => length > 1,
    );
    expect(found).toEqual(expect.arrayContaining(['192.0.2.7 7000', '127.0.0.1 7001']));
    expect(health).toMatchObject({ state: 'ok', message: '2 addresses given with --peer.' });
  });

  test('says which name it cannot look up', async () => {
    const discovery = createStaticDiscovery([parseStaticPeer('nobody..invalid')], clock);
    const { health } = await findings(discovery, () => discovery.health().state !== 'starting');
    expect(health).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('nobody..invalid'),
    });
  });

  test('without addresses it has nothing to complain of', () => {
    expect(createStaticDiscovery([], clock).health()).toMatchObject({ state: 'ok' });
  });
});

describe('remembered discovery', () => {
  test('finds where peers were met before', async () => {
    const durable = createMemoryDurable();
    await durable.write('peers', { version: 1, endpoints: [{ address: '192.0.2.7', port: 7946 }] });
    const { found, health } = await findings(
      createRememberedDiscovery(durable, clock),
      ({ length }) => length > 0,
    );
    expect(found).toEqual(['192.0.2.7 7946']);
    expect(health).toMatchObject({ state: 'ok', message: '1 peer is remembered from earlier.' });
  });

  test('finds nothing at the first start', async () => {
    const discovery = createRememberedDiscovery(createMemoryDurable(), clock);
    const { found, health } = await findings(
      discovery,
      () => discovery.health().state !== 'starting',
    );
    expect({ found, state: health.state }).toEqual({ found: [], state: 'ok' });
  });
});
