import type { PeerLimits } from './peer-limits.ts';

interface Remote {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

export interface UnprovenConnections {
  /** Counts a connection until `settle`. False: there are too many, so it must go. */
  admit(socket: Remote): boolean;
  /** Its identity is proven, or it closed. */
  settle(key: string): void;
}

/** Names a connection: the same for the raw socket and the TLS socket on top of it. */
export function remoteKey({ remoteAddress, remotePort }: Remote): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Bounds what strangers can hold open: in all, and from one address, so that one can not lock out the rest. */
export function createUnprovenConnections(limits: PeerLimits): UnprovenConnections {
  const addresses = new Map<string, string | undefined>();

  return {
    admit(socket) {
      const { remoteAddress } = socket;
      const fromSame = [...addresses.values()].filter((other) => other === remoteAddress).length;
      if (fromSame >= limits.unprovenPerAddress || addresses.size >= limits.unproven) return false;
      addresses.set(remoteKey(socket), remoteAddress);
      return true;
    },
    settle: (key) => {
      addresses.delete(key);
    },
  };
}
