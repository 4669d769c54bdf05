import { describe, expect, test } from '@jest/globals';
import { genesisPeers } from '../../src/formation/genesis-link.ts';
import { hear } from '../../src/formation/hear.ts';
import {
  forgetSilent,
  type Knowledge,
  NOTHING_KNOWN,
  noteRefusedBy,
  SILENT_MS,
  targetOf,
} from '../../src/formation/knowledge.ts';
import type { SelfFacts } from '../../src/formation/refusal.ts';
import type { Hello } from '../../src/state/hello.ts';
import { formedOf, helloOf, hex, nodeIdOf, selfOf } from './builders.ts';

const self = selfOf(1);
const WALL_MS = 1_000_000;

interface Word {
  readonly hello: Hello;
  readonly nowMs?: number;
  readonly self?: SelfFacts;
}

/** Says the words one after the other; the wall clock of the listener runs with its monotonic one. */
function listen(words: readonly Word[], knowledge: Knowledge = NOTHING_KNOWN) {
  const codes: (string | null)[] = [];
  const news: boolean[] = [];
  let known = knowledge;
  for (const { hello, nowMs = 0, self: listener = self } of words) {
    const endpoint = { address: hello.addresses[0] ?? '', port: hello.peerPort };
    const heard = hear(known, listener, { hello, endpoint, nowMs, wallMs: WALL_MS + nowMs });
    known = heard.knowledge;
    codes.push(heard.refusal?.code ?? null);
    news.push(heard.isNews);
  }
  return { known, codes, news };
}

const counted = ({ peers }: Knowledge) => [...peers.keys()];

describe('hear', () => {
  test('a node that introduces itself is counted, and is news only once', () => {
    const { known, codes, news } = listen([
      { hello: helloOf(2) },
      { hello: helloOf(2), nowMs: 10 },
    ]);
    expect(codes).toEqual([null, null]);
    expect(news).toEqual([true, false]);
    expect(known.peers.get(nodeIdOf(2))).toEqual({
      hello: helloOf(2),
      endpoint: { address: '192.0.2.2', port: 7946 },
      seenMs: 10,
      answers: true,
      lives: { sinceWallMs: WALL_MS, before: null, clone: null },
    });
  });

  test('nodes that others name are heard of, until they introduce themselves', () => {
    const named = { nodeId: nodeIdOf(3), address: '192.0.2.3', port: 7946 };
    const me = { nodeId: nodeIdOf(1), address: '192.0.2.1', port: 7946 };
    const { known, news } = listen([
      { hello: helloOf(2) },
      { hello: helloOf(2, { peers: [named, me] }) },
    ]);
    expect(news).toEqual([true, true]);
    const endpoint = { address: '192.0.2.3', port: 7946 };
    expect([...known.heard]).toEqual([[nodeIdOf(3), { endpoint, sinceMs: 0 }]]);
    expect([...listen([{ hello: helloOf(3) }], known).known.heard]).toEqual([]);
  });

  test('a peer that became part of the cluster is news', () => {
    const { news } = listen([
      { hello: helloOf(2) },
      { hello: helloOf(2, { formed: formedOf(1) }) },
      { hello: helloOf(2, { formed: formedOf(1) }) },
    ]);
    expect(news).toEqual([true, true, false]);
  });

  test.each([
    {
      when: 'it speaks only a later protocol',
      hello: helloOf(2, { protocol: { min: 2, max: 3 } }),
      code: 'peer.protocol',
      says: 'versions 2 to 3',
    },
    {
      when: 'its token has another spec',
      hello: helloOf(2, { tokenDigest: hex(1, 64) }),
      code: 'peer.other-token',
      says: 'the very same token',
    },
    {
      when: 'its clock is ahead',
      hello: helloOf(2, { wallMs: WALL_MS + 31_000 }),
      code: 'peer.clock-off',
      says: '31 s apart',
    },
    {
      when: 'its clock is behind',
      hello: helloOf(2, { wallMs: WALL_MS - 86_400_000 }),
      code: 'peer.clock-off',
      says: '86400 s apart',
    },
    {
      when: 'it has our host name',
      hello: helloOf(2, { hostname: 'n1' }),
      code: 'peer.duplicate-hostname',
      says: `already that of node ${nodeIdOf(1)}`,
    },
    {
      when: 'it has our machine id',
      hello: helloOf(2, { machineIdHash: hex(1, 64) }),
      code: 'peer.duplicate-machine-id',
      says: 'systemd-machine-id-setup',
    },
    {
      when: 'it is a copy of this node',
      hello: helloOf(1, { instance: hex(9, 32) }),
      code: 'peer.clone',
      says: 'runs twice',
    },
  ])('a node is refused by name when $when', ({ hello, code, says }) => {
    const { known, codes } = listen([{ hello }]);
    expect(codes).toEqual([code]);
    expect(counted(known)).toEqual([]);
    expect(known.refused.get(hello.instance)).toMatchObject({
      code,
      hostname: hello.hostname,
      message: expect.stringContaining(says),
    });
  });

  test('half a minute of clock difference is borne', () => {
    expect(listen([{ hello: helloOf(2, { wallMs: WALL_MS - 30_000 }) }]).codes).toEqual([null]);
  });

  test('of two nodes with one host name the first is left alone', () => {
    const { known, codes } = listen([
      { hello: helloOf(2, { hostname: 'twin' }) },
      { hello: helloOf(3, { hostname: 'twin' }) },
      { hello: helloOf(2, { hostname: 'twin' }) },
    ]);
    expect(codes).toEqual([null, 'peer.duplicate-hostname', null]);
    expect(counted(known)).toEqual([nodeIdOf(2)]);
  });

  test('a refused node is counted as soon as the reason is gone', () => {
    const { known, codes } = listen([
      { hello: helloOf(2, { hostname: 'n1' }) },
      { hello: helloOf(2, { hostname: 'n2' }) },
    ]);
    expect(codes).toEqual(['peer.duplicate-hostname', null]);
    expect([known.refused.size, counted(known)]).toEqual([0, [nodeIdOf(2)]]);
  });

  test('a node whose clock ran away is not counted any more', () => {
    const { known } = listen([{ hello: helloOf(2) }, { hello: helloOf(2, { wallMs: 0 }) }]);
    expect(counted(known)).toEqual([]);
  });

  test('nodes of two clusters from one token are never merged', () => {
    const formed = selfOf(1, { formed: formedOf(1) });
    const { codes } = listen([
      { hello: helloOf(2, { formed: formedOf(2) }), self: formed },
      { hello: helloOf(3, { formed: formedOf(1) }), self: formed },
    ]);
    expect(codes).toEqual(['peer.other-cluster', null]);
  });

  test('once a cluster is formed, its log judges who takes over a machine', () => {
    const formed = selfOf(1, { formed: formedOf(1) });
    const twin = helloOf(2, { hostname: 'n1', machineIdHash: hex(1, 64) });
    expect(listen([{ hello: twin, self: formed }]).codes).toEqual([null]);
    expect(listen([{ hello: { ...twin, formed: formedOf(1) } }]).codes).toEqual([null]);
  });

  test('refusals do not fill the memory', () => {
    const words = Array.from({ length: 300 }, (_, index) => ({
      hello: helloOf(index + 2, { tokenDigest: hex(1, 64), addresses: ['192.0.2.9'] }),
    }));
    expect(listen(words).known.refused.size).toBe(256);
  });
});

describe('hear, of a node that starts again', () => {
  const first = (wallMs: number) => helloOf(2, { instance: hex(0xa, 32), wallMs });
  const second = (wallMs: number) => helloOf(2, { instance: hex(0xb, 32), wallMs });
  const at = (hello: (wallMs: number) => Hello, nowMs: number): Word => ({
    hello: hello(WALL_MS + nowMs),
    nowMs,
  });

  test('a restart is no clone', () => {
    const { known, codes } = listen([at(first, 0), at(second, 100), at(second, 200)]);
    expect(codes).toEqual([null, null, null]);
    expect(known.peers.get(nodeIdOf(2))?.hello.instance).toBe(hex(0xb, 32));
  });

  test('a late word of the life before changes nothing', () => {
    const { known, codes } = listen([
      at(first, 0),
      at(second, 100),
      { hello: first(WALL_MS + 50), nowMs: 110 },
      at(second, 200),
    ]);
    expect(codes).toEqual([null, null, null, null]);
    expect(known.peers.get(nodeIdOf(2))?.hello.instance).toBe(hex(0xb, 32));
  });

  test('when both lives speak in turn, the later one is the clone and the first goes on', () => {
    const { known, codes } = listen([
      at(first, 0),
      at(second, 100),
      at(first, 200),
      at(second, 300),
      at(first, 400),
      at(second, 500),
    ]);
    expect(codes).toEqual([null, null, null, 'peer.clone', null, 'peer.clone']);
    expect(known.peers.get(nodeIdOf(2))?.hello.instance).toBe(hex(0xa, 32));
  });

  test('of two that were alive before this node the older one stays, whichever spoke first', () => {
    const older = (wallMs: number) => ({ ...first(wallMs), startedWallMs: WALL_MS - 2_000 });
    const younger = (wallMs: number) => ({ ...second(wallMs), startedWallMs: WALL_MS - 1_000 });
    const { known, codes } = listen([
      at(younger, 0),
      at(older, 100),
      at(younger, 200),
      at(older, 300),
      at(younger, 400),
    ]);
    expect(codes).toEqual([null, null, 'peer.clone', null, 'peer.clone']);
    expect(known.peers.get(nodeIdOf(2))?.hello.instance).toBe(hex(0xa, 32));
  });

  test('a restart of the first does not let a known clone take its place', () => {
    const third = (wallMs: number) => ({
      ...helloOf(2, { instance: hex(0xc, 32), wallMs }),
      startedWallMs: WALL_MS + 400,
    });
    const { known, codes } = listen([
      at(first, 0),
      at(second, 100),
      at(first, 200),
      at(second, 300),
      at(third, 400),
      at(second, 500),
      at(third, 600),
    ]);
    expect(codes.slice(3)).toEqual(['peer.clone', null, 'peer.clone', null]);
    expect(known.peers.get(nodeIdOf(2))?.hello.instance).toBe(hex(0xc, 32));
  });

  test('a clone stays among the refused, at its own address, while the first goes on', () => {
    const copy = (wallMs: number) =>
      helloOf(2, { instance: hex(0xb, 32), hostname: 'n9', addresses: ['192.0.2.9'], wallMs });
    const { known } = listen([
      at(first, 0),
      at(copy, 100),
      at(first, 200),
      at(copy, 300),
      at(first, 400),
    ]);
    expect(known.peers.get(nodeIdOf(2))?.endpoint.address).toBe('192.0.2.2');
    expect([...known.refused]).toEqual([
      [
        hex(0xb, 32),
        expect.objectContaining({ code: 'peer.clone', hostname: 'n9', address: '192.0.2.9' }),
      ],
    ]);
  });

  test('what a clone holds against this node is not what the first does', () => {
    const { known } = listen([at(first, 0), at(second, 100), at(first, 200), at(second, 300)]);
    const refusal = { code: 'peer.clock-off', message: 'The clocks are apart.' };
    const refusedBy = (instance: string) =>
      genesisPeers(noteRefusedBy(known, instance, refusal), 1).map(({ nodeId }) => nodeId);
    expect(refusedBy(hex(0xb, 32))).toEqual([nodeIdOf(2)]);
    expect(refusedBy(hex(0xa, 32))).toEqual([]);
  });

  test('with a clone about, the first is asked only where it was met', () => {
    const words = [at(first, 0), at(second, 100), at(first, 200)];
    const place = { address: '192.0.2.2', port: 7946 };
    const before = listen(words.slice(0, 1)).known;
    expect(targetOf(before, nodeIdOf(2))).toEqual({ ...place, nodeId: nodeIdOf(2) });
    expect(targetOf(listen(words).known, nodeIdOf(2))).toEqual(place);
  });

  test('when the first falls silent, the other takes its place', () => {
    const { known, codes } = listen([
      at(first, 0),
      at(second, 100),
      at(first, 200),
      at(second, 300),
    ]);
    const laterMs = 200 + SILENT_MS + 1;
    const later = forgetSilent(known, false, laterMs);
    expect([...codes, ...listen([at(second, laterMs)], later).codes].slice(3)).toEqual([
      'peer.clone',
      null,
    ]);
  });
});

describe('forgetSilent', () => {
  const { known } = listen([
    { hello: helloOf(2), nowMs: 0 },
    { hello: helloOf(3), nowMs: 5_000 },
  ]);

  test('an unformed node forgets who was silent for half a minute', () => {
    expect(counted(forgetSilent(known, false, SILENT_MS))).toEqual([nodeIdOf(2), nodeIdOf(3)]);
    expect(counted(forgetSilent(known, false, SILENT_MS + 1))).toEqual([nodeIdOf(3)]);
  });

  test('a formed node keeps them', () => {
    expect(forgetSilent(known, true, 10 * SILENT_MS)).toBe(known);
  });
});
