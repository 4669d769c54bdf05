import type { Ports } from '../ports/index.ts';
import type { WantedRelease } from '../ports/releases.ts';
import { SINGLETON } from '../state/kinds.ts';

/** A release with all that the log knows of where its parts may come from. */
export function wantedRelease(
  { self, store }: Pick<Ports, 'self' | 'store'>,
  version: string,
): WantedRelease {
  const binaries = store.get('spec', SINGLETON)?.value.binaries;
  const others = store.list('node').filter(({ key }) => key !== self.nodeId);
  return {
    version,
    url: binaries?.url ?? null,
    sha256: binaries?.sha256 ?? {},
    bundles: store.list('bundle').map(({ value }) => value),
    peers: others.flatMap(({ value: { nodeId, addresses, peerPort } }) =>
      addresses.slice(0, 1).map((address) => ({ nodeId, address, port: peerPort })),
    ),
  };
}
