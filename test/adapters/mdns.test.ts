import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMdnsDiscovery } from '../../src/adapters/mdns-discovery.ts';
import { createMdnsGuard } from '../../src/adapters/mdns-guard.ts';
import { mdnsHealth } from '../../src/adapters/mdns-health.ts';
import {
  createAnnouncer,
  createCandidateReader,
  knownInstances,
  pointerTo,
} from '../../src/adapters/mdns-records.ts';
import { createMdnsSightings } from '../../src/adapters/mdns-sightings.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import { createTokenBuckets } from '../../src/adapters/token-bucket.ts';
import type { Discovery } from '../../src/ports/discovery.ts';

const clock = createSystemClock();
const random = createSystemRandom();
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

interface Node {
  readonly discovery: Discovery;
  readonly found: Set<string>;
}

function startNode(joinKey: Uint8Array, number: number): Node {
  const options = { joinKey, address: `127.0.8.${number}`, port: 7_000 + number, clock, random };
  const discovery = createMdnsDiscovery(options);
  const found = new Set<string>();
  const { stop } = discovery.start((address, port) => found.add(`${address}:${port}`));
  stops.push(stop);
  return { discovery, found };
}

async function until(condition: () => boolean, limitMs = 5_000): Promise<void> {
  const endMs = clock.nowMs() + limitMs;
  while (!condition() && clock.nowMs() < endMs) await clock.sleep(10);
}

const key = () => new Uint8Array(randomBytes(32));

describe('mDNS discovery', () => {
  test('five nodes on one machine find each other', async () => {
    const joinKey = key();
    const nodes = [1, 2, 3, 4, 5].map((number) => startNode(joinKey, number));
    await until(() => nodes.every(({ found }) => found.size === 4));
    const others = [2, 3, 4, 5].map((number) => `127.0.8.${number}:${7_000 + number}`);
    expect([...(nodes[0]?.found ?? [])].sort()).toEqual(others);
    expect(nodes.map(({ found }) => found.size)).toEqual([4, 4, 4, 4, 4]);
    expect(nodes[0]?.discovery.health()).toMatchObject({
      name: 'mdns',
      state: 'ok',
      message: expect.stringMatching(/^Heard 4 nodes on 127\.0\.8\.1\./),
    });
  });

  test('nodes with another token are told apart and not called', async () => {
    const [ours, theirs] = [startNode(key(), 1), startNode(key(), 2)];
    const ignores = () =>
      / Ignores \d+ nodes? with another token/.test(ours.discovery.health().message);
    await until(ignores);
    expect({ ignores: ignores(), found: [...ours.found], theirs: [...theirs.found] }).toEqual({
      ignores: true,
      found: [],
      theirs: [],
    });
  });

  test('noise on the link does no harm', async () => {
    const joinKey = key();
    const first = startNode(joinKey, 1);
    const noise = createSocket('udp4');
    noise.bind(0, '127.0.8.9');
    await once(noise, 'listening');
    noise.setMulticastInterface('127.0.8.9');
    const packets = fc.sample(fc.uint8Array({ minLength: 12, maxLength: 200 }), 500);
    for (const packet of packets) noise.send(packet, 5353, '224.0.0.251');
    const second = startNode(joinKey, 2);
    await until(() => first.found.size > 0 || second.found.size > 0);
    noise.close();
    expect(first.found.size + second.found.size).toBeGreaterThan(0);
  });
});

describe('mDNS records', () => {
  test('an announcement is understood by holders of the join key only', () => {
    const joinKey = key();
    const announcer = createAnnouncer(joinKey, 7946);
    const { instance } = announcer.announcement;
    expect(createCandidateReader(joinKey)(announcer.records())).toEqual([
      { instance, port: 7946, isOurs: true },
    ]);
    expect(createCandidateReader(key())(announcer.records())).toEqual([
      { instance, port: 7946, isOurs: false },
    ]);
    expect(createCandidateReader(joinKey)(announcer.records('goodbye'))).toEqual([]);
  });

  test('nothing is announced but a port, random names and a salted hash', () => {
    const records = createAnnouncer(new Uint8Array(32), 7946).records();
    expect(records).toEqual([
      {
        name: '_civitas._tcp.local',
        type: 'PTR',
        ttl: 120,
        data: expect.stringMatching(/^[0-9a-f]{16}\._civitas\._tcp\.local$/),
      },
      {
        name: expect.any(String),
        type: 'SRV',
        ttl: 120,
        data: { port: 7946, target: expect.stringMatching(/^[0-9a-f]{16}\.local$/) },
      },
      {
        name: expect.any(String),
        type: 'TXT',
        ttl: 120,
        data: [
          'v=1',
          'p=7946',
          expect.stringMatching(/^s=[0-9a-f]{16}$/),
          expect.stringMatching(/^h=[0-9a-f]{32}$/),
        ],
      },
    ]);
  });

  test('a copied hash does not serve for another port', () => {
    const joinKey = key();
    const [, , txt] = createAnnouncer(joinKey, 7946).records();
    if (txt?.type !== 'TXT' || !Array.isArray(txt.data)) throw new Error('no TXT record');
    const forged = {
      ...txt,
      data: txt.data.map((field) => String(field).replace('p=7946', 'p=22')),
    };
    expect(createCandidateReader(joinKey)([forged])).toMatchObject([{ port: 22, isOurs: false }]);
  });

  test.each([
    { when: 'it is of another version', data: ['v=2', 'p=1', 's=', 'h='] },
    { when: 'it has no port', data: ['v=1'] },
    { when: 'its port is none', data: ['v=1', 'p=65536'] },
    { when: 'it is empty', data: [] },
    { when: 'it is noise', data: Buffer.from([0xff, 0, 0x3d]) },
  ])('a record is passed over when $when', ({ data }) => {
    const record = { name: 'x._civitas._tcp.local', type: 'TXT' as const, data };
    expect(createCandidateReader(key())([record])).toEqual([]);
  });

  test('a query names the instances it knows', () => {
    expect(knownInstances([pointerTo('abc'), { name: 'x', type: 'PTR', data: 'y.local' }])).toEqual(
      ['abc'],
    );
  });
});

describe('mDNS health', () => {
  /** What is said once this many nodes with another token have announced themselves. */
  function saidOf(strangers: number): string {
    const sightings = createMdnsSightings();
    for (let number = 1; number <= strangers; number += 1) {
      const candidate = { instance: `i${number}`, port: 7946, isOurs: false };
      sightings.note(candidate, `192.0.2.${number}`, number);
    }
    const link = { failures: () => new Map<string, string>(), interfaces: () => ['192.0.2.200'] };
    return mdnsHealth({ link, failure: undefined, sightings }, 1_000).message;
  }

  test.each([
    { count: 0, says: 'Heard 0 nodes on 192.0.2.200.' },
    {
      count: 1,
      says: 'Heard 0 nodes on 192.0.2.200. Ignores 1 node with another token: 192.0.2.1:7946.',
    },
    {
      count: 2,
      says: 'Heard 0 nodes on 192.0.2.200. Ignores 2 nodes with another token: 192.0.2.1:7946, 192.0.2.2:7946.',
    },
    {
      count: 6,
      says: 'Heard 0 nodes on 192.0.2.200. Ignores 6 nodes with another token, among them 192.0.2.3:7946, 192.0.2.4:7946, 192.0.2.5:7946, 192.0.2.6:7946.',
    },
  ])('names where $count nodes with another token are', ({ count, says }) => {
    expect(saidOf(count)).toBe(says);
  });

  test('forgets strangers after a minute, and keeps no more than it needs', () => {
    const sightings = createMdnsSightings();
    for (let number = 0; number < 300; number += 1) {
      const candidate = { instance: `i${number}`, port: number, isOurs: false };
      sightings.note(candidate, '192.0.2.1', 0);
    }
    expect(sightings.strangers(60_000)).toHaveLength(256);
    expect(sightings.strangers(60_001)).toEqual([]);
  });
});

describe('mDNS guard', () => {
  const packetOf = (length: number, records = 0) => {
    const packet = Buffer.alloc(length);
    if (length >= 12) packet.writeUInt16BE(records, 6);
    return packet;
  };

  test.each([
    { what: 'a packet of usual size', packet: packetOf(200, 3), admitted: true },
    { what: 'the largest packet', packet: packetOf(9_000, 256), admitted: true },
    { what: 'a larger one', packet: packetOf(9_001), admitted: false },
    { what: 'one that is no DNS', packet: packetOf(11), admitted: false },
    { what: 'one that claims too many records', packet: packetOf(200, 257), admitted: false },
  ])('$what: $admitted', ({ packet, admitted }) => {
    expect(createMdnsGuard().admits(packet, '192.0.2.1', 0)).toBe(admitted);
  });

  test('a loud source is turned down, others are heard', () => {
    const guard = createMdnsGuard();
    const admitted = Array.from({ length: 10_000 }, (_, index) =>
      guard.admits(packetOf(100), 'loud', index / 10),
    );
    expect(admitted.filter(Boolean)).toHaveLength(299);
    expect(guard.admits(packetOf(100), 'quiet', 1_000)).toBe(true);
    expect(guard.dropped()).toBe(9_701);
  });
});

describe('token buckets', () => {
  test('refill with time, up to the burst', () => {
    const buckets = createTokenBuckets({ perSecond: 10, burst: 2, maxSources: 4 });
    const take = (atMs: number) => buckets.take('a', atMs);
    expect([
      take(0),
      take(0),
      take(0),
      take(99),
      take(100),
      take(100),
      take(9_000),
      take(9_000),
      take(9_000),
    ]).toEqual([true, true, false, false, true, false, true, true, false]);
  });

  test('forget the source that was silent for longest', () => {
    const buckets = createTokenBuckets({ perSecond: 0, burst: 1, maxSources: 2 });
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map((source) => buckets.take(source, 0))).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
