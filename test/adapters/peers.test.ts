import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openDurableFiles } from '../../src/adapters/durable-files.ts';
import { type Identity, openIdentity } from '../../src/adapters/identity.ts';
import { PEER_LIMITS, type PeerLimits } from '../../src/adapters/peer-limits.ts';
import { peerTls } from '../../src/adapters/peer-tls.ts';
import { type OpenPeers, openPeers } from '../../src/adapters/peers.ts';
import { RetryableError } from '../../src/errors.ts';
import { answerPings, pingAnswerIn } from '../../src/runtime/probing/answer-pings.ts';
import { temporaryFolders } from './temporary-folder.ts';

const temporaryFolder = temporaryFolders();
const joinKey = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((peers) => peers.close()));
});

interface Options {
  readonly key?: Uint8Array;
  readonly identity?: Identity;
  readonly address?: string;
  readonly limits?: Partial<PeerLimits>;
}

async function newIdentity(): Promise<Identity> {
  return openIdentity(await openDurableFiles(await temporaryFolder()));
}

async function open(
  options: Options = {},
): Promise<OpenPeers & { identity: Identity; at: { address: string; port: number } }> {
  const { key = joinKey, address = '127.0.0.1' } = options;
  const identity = options.identity ?? (await newIdentity());
  const limits = { ...PEER_LIMITS, ...options.limits };
  const peers = await openPeers({ joinKey: key, identity, address, port: 0, limits });
  peers.serve('hello', async ({ from, body }) => ({ youAre: from, youSaid: body }));
  opened.push(peers);
  return { ...peers, identity, at: { address, port: peers.port } };
}

/** `closed` when the other side ends the connection within `ms`, else `open`. */
async function fate(socket: Socket, ms: number): Promise<'open' | 'closed'> {
  const { promise, resolve } = Promise.withResolvers<'open' | 'closed'>();
  const timer = setTimeout(() => resolve('open'), ms);
  socket.on('error', () => undefined);
  socket.once('close', () => resolve('closed'));
  socket.resume();
  const end = await promise;
  clearTimeout(timer);
  socket.destroy();
  return end;
}

/** A connection of somebody who holds the join key but does not keep to the protocol. */
async function tlsTo(
  { address, port }: { address: string; port: number },
  key = joinKey,
): Promise<TLSSocket> {
  const identity = await newIdentity();
  const socket = connectTls({
    host: address,
    port,
    ...peerTls(key, identity.nodeId),
    checkServerIdentity: () => undefined,
  });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

describe('peers', () => {
  test('both sides of a request know for certain who the other is', async () => {
    const alice = await open();
    const bob = await open();
    expect(await alice.request(bob.at, 'hello', { word: 'hi' })).toEqual({
      from: bob.identity.nodeId,
      body: { youAre: alice.identity.nodeId, youSaid: { word: 'hi' } },
    });
  });

  test('a node that was dialled answers over the same connection', async () => {
    const alice = await open();
    const bob = await open();
    await alice.request(bob.at, 'hello', 1);
    const nowhere = { address: '127.0.0.1', port: 1, nodeId: alice.identity.nodeId };
    expect(await bob.request(nowhere, 'hello', 2)).toMatchObject({ from: alice.identity.nodeId });
  });

  test('a ping finds another node where one was before', async () => {
    const alice = await open();
    const bob = await open();
    answerPings(bob, { incarnation: 2 }, { wallMs: () => 1_000 });
    const target = { ...bob.at, nodeId: 'aaaaaaaaaaa' };
    const { from, body } = await alice.request(target, 'ping', null);
    expect([from, pingAnswerIn(body)]).toEqual([
      bob.identity.nodeId,
      { incarnation: 2, wallMs: 1_000 },
    ]);
  });

  test('a peer that restarted is found again', async () => {
    const alice = await open();
    const bob = await open();
    await alice.request(bob.at, 'hello', 1);
    await bob.close();
    await expect(alice.request(bob.at, 'hello', 2)).rejects.toMatchObject({
      code: 'peer.unreachable',
    });
    const again = await openPeers({ joinKey, identity: bob.identity, ...bob.at });
    opened.push(again);
    again.serve('hello', async () => 'back');
    expect(await alice.request(bob.at, 'hello', 3)).toMatchObject({ body: 'back' });
  });

  test('many requests on one connection each get their own answer', async () => {
    const alice = await open();
    const bob = await open();
    const numbers = Array.from({ length: 16 }, (_, index) => index);
    const replies = await Promise.all(numbers.map((n) => alice.request(bob.at, 'hello', n)));
    expect(replies.map(({ body }) => (body as { youSaid: number }).youSaid)).toEqual(numbers);
  });

  test('another join key is told from silence', async () => {
    const alice = await open();
    const stranger = await open({ key: otherKey });
    await expect(alice.request(stranger.at, 'hello', 1)).rejects.toMatchObject({
      code: 'peer.foreign-key',
      retryable: true,
    });
    await expect(
      alice.request({ address: '127.0.0.1', port: 1 }, 'hello', 1),
    ).rejects.toMatchObject({ code: 'peer.unreachable' });
  });

  test('a holder of the join key cannot speak for another node', async () => {
    const alice = await open();
    const [mallory, bob] = [await newIdentity(), await newIdentity()];
    const withBobsName = await open({ identity: { ...mallory, nodeId: bob.nodeId } });
    const withBobsKey = await open({ identity: { ...bob, sign: mallory.sign } });
    for (const impostor of [withBobsName, withBobsKey]) {
      await expect(alice.request(impostor.at, 'hello', 1)).rejects.toMatchObject({
        code: 'peer.forged',
      });
      await expect(impostor.request(alice.at, 'hello', 1)).rejects.toMatchObject({
        retryable: true,
      });
    }
  });

  test('what a handler throws is told to the caller', async () => {
    const alice = await open();
    const bob = await open();
    bob.serve('call', async () => {
      throw new RetryableError('call.unknown', 'There is no such call.');
    });
    await expect(alice.request(bob.at, 'call', {})).rejects.toMatchObject({
      code: 'peer.refused',
      message: expect.stringContaining('(call.unknown): There is no such call.'),
    });
    await expect(alice.request(bob.at, 'genesis', {})).rejects.toMatchObject({
      message: expect.stringContaining('peer.not-ready'),
    });
  });

  test('an answer that does not come in time ends the request', async () => {
    const alice = await open({ limits: { requestMs: 100 } });
    const bob = await open();
    bob.serve('call', () => new Promise(() => undefined));
    await expect(alice.request(bob.at, 'call', {})).rejects.toMatchObject({ code: 'peer.timeout' });
  });

  test('a port in use is named', async () => {
    const alice = await open();
    const identity = await newIdentity();
    await expect(openPeers({ joinKey, identity, ...alice.at })).rejects.toMatchObject({
      code: 'peer.port-taken',
      message: expect.stringContaining(`Port ${alice.port}`),
    });
    await expect(
      openPeers({ joinKey, identity, address: '192.0.2.254', port: 0 }),
    ).rejects.toMatchObject({ code: 'peer.no-port' });
  });
});

describe('peers under attack', () => {
  test('who says nothing, or one byte at a time, is cut off at the deadline', async () => {
    const { at } = await open({ limits: { handshakeMs: 150 } });
    const silent = connectTcp(at.port, at.address);
    const slow = connectTcp(at.port, at.address);
    const trickle = setInterval(() => slow.write('\x16'), 20);
    expect(await Promise.all([fate(silent, 3_000), fate(slow, 3_000)])).toEqual([
      'closed',
      'closed',
    ]);
    clearInterval(trickle);
  });

  test('who passes TLS but proves no identity is cut off at the deadline', async () => {
    const { at } = await open({ limits: { handshakeMs: 150 } });
    expect(await fate(await tlsTo(at), 3_000)).toBe('closed');
  });

  test('one address cannot take the room of others', async () => {
    const alice = await open({ address: '127.0.0.2' });
    const bob = await open({ limits: { unprovenPerAddress: 4 } });
    const strangers = Array.from({ length: 5 }, () => connectTcp(bob.port, '127.0.0.1'));
    const fates = await Promise.all(strangers.map((socket) => fate(socket, 200)));
    expect(fates.filter((end) => end === 'closed')).toHaveLength(1);
    const [, , , , ...rest] = Array.from({ length: 8 }, () => connectTcp(bob.port, '127.0.0.1'));
    expect(await alice.request(bob.at, 'hello', 1)).toMatchObject({ from: bob.identity.nodeId });
    for (const socket of rest) socket.destroy();
  });

  test.each([
    { what: 'a length of a gigabyte', bytes: Buffer.from('40000000', 'hex') },
    { what: 'a frame that is no JSON', bytes: Buffer.from('00000002ffff', 'hex') },
    { what: 'a proof that is none', bytes: Buffer.from('000000027b7d', 'hex') },
    { what: 'a frame that never ends', bytes: Buffer.from('000000ff7b', 'hex') },
  ])('$what ends that connection and no other', async ({ bytes }) => {
    const alice = await open();
    const bob = await open({ limits: { requestMs: 150 } });
    await alice.request(bob.at, 'hello', 1);
    const attacker = await tlsTo(bob.at);
    attacker.write(bytes);
    expect(await fate(attacker, 3_000)).toBe('closed');
    expect(await alice.request(bob.at, 'hello', 2)).toMatchObject({ from: bob.identity.nodeId });
  });

  test('nobody gets in without TLS 1.3, without a certificate or with one of another key', async () => {
    const { at } = await open();
    const { ca, cert, key } = peerTls(joinKey, 'abcdefghij2');
    const foreign = peerTls(otherKey, 'abcdefghij2');
    const offers = [
      { ca, cert, key, maxVersion: 'TLSv1.2' as const },
      { ca },
      { ca, cert: foreign.cert, key: foreign.key },
    ];
    const sockets = offers.map((offer) =>
      connectTls({
        host: at.address,
        port: at.port,
        ...offer,
        checkServerIdentity: () => undefined,
      }),
    );
    expect(await Promise.all(sockets.map((socket) => fate(socket, 3_000)))).toEqual([
      'closed',
      'closed',
      'closed',
    ]);
  });
});
