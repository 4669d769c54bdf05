import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Peers } from '../../ports/peers.ts';
import { PART_BYTES, type PartAnswer, partAskSchema } from '../../state/file-part.ts';
import type { NodeId } from '../../state/node-id.ts';
import { createTokenBuckets } from '../token-bucket.ts';
import type { FileStore } from './file-store.ts';

/** 12 MiB/s for one node and 24 MiB/s for all: pings of the same connections wait for milliseconds only. */
const PER_NODE = { perSecond: 96, burst: 32, maxSources: 1_000 };
const FOR_ALL = { perSecond: 192, burst: 64, maxSources: 1 };

interface Deps {
  readonly clock: Clock;
  readonly peers: Pick<Peers, 'serve'>;
  readonly store: Pick<FileStore, 'read'>;
  isEnrolled(nodeId: NodeId): boolean;
}

/** Gives enrolled nodes, piece by piece, the files of bundles that this node has whole. */
export function serveFiles({ clock, peers, store, isEnrolled }: Deps): void {
  const ofNode = createTokenBuckets(PER_NODE);
  const ofAll = createTokenBuckets(FOR_ALL);

  peers.serve('file', async ({ from, body }): Promise<PartAnswer> => {
    if (!isEnrolled(from)) throw notEnrolled(from);
    const { sha256, offset } = partAskSchema.parse(body);
    const nowMs = clock.nowMs();
    if (!ofNode.take(from, nowMs) || !ofAll.take('', nowMs)) return { state: 'busy' };
    const part = await store.read(sha256, offset, PART_BYTES);
    if (part === undefined) return { state: 'absent' };
    return { state: 'part', base64: Buffer.from(part).toString('base64') };
  });
}

function notEnrolled(nodeId: NodeId): RetryableError {
  return new RetryableError(
    'release.not-enrolled',
    `Node ${nodeId} is not enrolled: wait until it is.`,
  );
}
