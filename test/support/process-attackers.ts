import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type PeerTls, peerTls } from '../../src/adapters/peer-tls.ts';

const DRIBBLE_MS = 500;
const STRANGER_ID = 'abcdefghij2';

/** The length of a frame of one gibibyte. */
export const ONE_GIBIBYTE = Buffer.from('40000000', 'hex');
/** A frame, or a TLS record, that has begun and will take a while. */
export const SLOW_FRAME = Buffer.from('000000ff7b', 'hex');
export const SLOW_HANDSHAKE = Buffer.from('16030100', 'hex');

interface Target {
  readonly address: string;
  readonly port: number;
}

/** Somebody who is connected and does not keep to the protocol. */
export interface Attacker {
  /** Milliseconds from the first byte until the agent hung up. */
  readonly enduredMs: Promise<number>;
}

/** Many connections from many addresses, which say a first word and then one byte after the other. */
export function attack(
  { address, port }: Target,
  count: number,
  firstWord: Buffer,
): readonly Attacker[] {
  return Array.from({ length: count }, (_, index) => {
    const socket = connectTcp({
      host: address,
      port,
      localAddress: `127.0.78.${1 + (index % 30)}`,
    });
    return attacker(socket, firstWord);
  });
}

/** The same by somebody who holds the join key, one after the other as handshakes cost both sides. */
export async function attackWithKey(
  { address, port }: Target,
  joinKey: Uint8Array,
  count: number,
  firstWord: Buffer,
): Promise<readonly Attacker[]> {
  const identity = peerTls(joinKey, STRANGER_ID);
  const attackers: Attacker[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connectTls(tlsOptions(address, port, identity));
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    attackers.push(attacker(socket, firstWord));
  }
  return attackers;
}

function tlsOptions(host: string, port: number, identity: PeerTls) {
  return { host, port, ...identity, checkServerIdentity: () => undefined };
}

function attacker(socket: Socket, firstWord: Buffer): Attacker {
  const sinceMs = performance.now();
  // Being hung up on is what it is there for.
  socket.on('error', () => undefined);
  socket.write(firstWord);
  socket.resume();
  const dribble = setInterval(() => socket.write('\0'), DRIBBLE_MS);
  const { promise: enduredMs, resolve } = Promise.withResolvers<number>();
  socket.once('close', () => {
    clearInterval(dribble);
    resolve(performance.now() - sinceMs);
  });
  return { enduredMs };
}
