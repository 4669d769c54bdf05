import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { networkInterfaces } from 'node:os';
import mdns, { type MulticastDNS } from 'multicast-dns';
import { errnoOf } from './errno.ts';
import type { MdnsGuard } from './mdns-guard.ts';

const GROUP = '224.0.0.251';
const PORT = 5353;

/** Multicast DNS on some interfaces of this host. */
export interface MdnsLink {
  readonly dns: MulticastDNS;
  /** Takes in interfaces that came and forgets those that went; true when there is a new one. */
  refresh(): boolean;
  /** Addresses of the interfaces in use. */
  interfaces(): readonly string[];
  /** What sending failed with last, by interface. */
  failures(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/**
 * One socket, bound to the group's own address: so it gets all multicast and never takes unicast
 * answers from another responder on port 5353 of this host. Rejects when the port is not to be had.
 *
 * A node that listens on a loopback address of its own (several agents on one machine) speaks on
 * that alone; others on every IPv4 interface that is up, or, where there is none, on loopback.
 */
export async function openMdnsLink(
  ownAddress: string,
  guard: MdnsGuard,
  nowMs: () => number,
): Promise<MdnsLink> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await bound(socket);
  const joined = new Set<string>();
  const failures = new Map<string, string>();
  let sending = Promise.resolve();

  function refresh(): boolean {
    const wanted = wantedInterfaces(ownAddress);
    for (const gone of [...joined].filter((address) => !wanted.includes(address))) {
      joined.delete(gone);
      failures.delete(gone);
    }
    const fresh = wanted.filter((address) => !joined.has(address));
    for (const address of fresh) join(socket, address, failures);
    for (const address of fresh) joined.add(address);
    return fresh.length > 0;
  }

  /** The interface is an option of the socket, so packets leave one after the other. */
  function send(packet: Buffer): void {
    sending = sending.then(async () => {
      for (const address of joined) {
        const failure = await sendFrom(socket, address, packet);
        if (failure) failures.set(address, failure);
        else failures.delete(address);
      }
    });
  }

  const guarded = guardedSocket(socket, send, (packet, { address }) =>
    guard.admits(packet, address, nowMs()),
  );
  refresh();
  return {
    dns: mdns({ socket: guarded, bind: false, multicast: false }),
    refresh,
    interfaces: () => [...joined],
    failures: () => failures,
    async close() {
      await sending;
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function bound(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(PORT, GROUP, () => {
      socket.off('error', reject);
      // Later errors concern single packets, which may get lost anyway.
      socket.on('error', () => undefined);
      socket.setMulticastTTL(255);
      socket.setMulticastLoopback(true);
      resolve();
    });
  });
}

function join(socket: Socket, address: string, failures: Map<string, string>): void {
  try {
    socket.addMembership(GROUP, address);
  } catch (error) {
    // Joined before under another address of the same interface: that is as good.
    if (codeOf(error) !== 'EADDRINUSE') failures.set(address, codeOf(error));
  }
}

function sendFrom(socket: Socket, address: string, packet: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      socket.setMulticastInterface(address);
      socket.send(packet, PORT, GROUP, (error) => resolve(error ? codeOf(error) : undefined));
    } catch (error) {
      resolve(codeOf(error));
    }
  });
}

/** What multicast-dns uses of a socket: it sees admitted packets only, and sends on all interfaces. */
function guardedSocket(
  socket: Socket,
  send: (packet: Buffer) => void,
  admits: (packet: Buffer, from: RemoteInfo) => boolean,
): Socket {
  const guarded = Object.assign(new EventEmitter(), {
    send(packet: Buffer, offset: number, length: number, ...rest: readonly unknown[]): void {
      send(packet.subarray(offset, offset + length));
      const done = rest.at(-1);
      if (typeof done === 'function') done();
    },
    close: (done?: () => void) => done?.(),
  });
  socket.on('message', (packet, from) => {
    if (admits(packet, from)) guarded.emit('message', packet, from);
  });
  // The library calls only `on`, `send` and `close` of a socket that it neither binds nor joins.
  return guarded as unknown as Socket;
}

function wantedInterfaces(ownAddress: string): readonly string[] {
  if (ownAddress.startsWith('127.')) return [ownAddress];
  const outside = Object.values(networkInterfaces()).flatMap((addresses = []) => {
    const usable = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
    const own = usable.find(({ address }) => address === ownAddress);
    return (own ?? usable[0])?.address ?? [];
  });
  return outside.length > 0 ? outside : ['127.0.0.1'];
}

function codeOf(error: unknown): string {
  return errnoOf(error) ?? String(error);
}
