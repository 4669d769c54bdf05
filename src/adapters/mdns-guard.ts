import { createTokenBuckets } from './token-bucket.ts';

/** The largest packet that RFC 6762 section 17 allows. */
const MAX_BYTES = 9_000;
const HEADER_BYTES = 12;
const MAX_RECORDS = 256;
const PER_SOURCE = { perSecond: 100, burst: 200, maxSources: 256 } as const;
const IN_ALL = { perSecond: 1_000, burst: 2_000, maxSources: 1 } as const;

export interface MdnsGuard {
  /** False for a packet that is not worth parsing: anybody on the link may send anything. */
  admits(packet: Buffer, source: string, nowMs: number): boolean;
  dropped(): number;
}

/** Bounds what packets cost before anything in them is looked at. */
export function createMdnsGuard(): MdnsGuard {
  const sources = createTokenBuckets(PER_SOURCE);
  const all = createTokenBuckets(IN_ALL);
  let dropped = 0;

  return {
    admits(packet, source, nowMs) {
      const isAdmitted = hasSaneSize(packet) && sources.take(source, nowMs) && all.take('', nowMs);
      if (!isAdmitted) dropped += 1;
      return isAdmitted;
    },
    dropped: () => dropped,
  };
}

function hasSaneSize(packet: Buffer): boolean {
  if (packet.length < HEADER_BYTES || packet.length > MAX_BYTES) return false;
  const counts = [4, 6, 8, 10].map((offset) => packet.readUInt16BE(offset));
  return counts.reduce((sum, count) => sum + count, 0) <= MAX_RECORDS;
}
