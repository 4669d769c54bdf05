import { CivitasError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Peers } from '../../ports/peers.ts';
import type { Random } from '../../ports/random.ts';
import type { ReleasePeer } from '../../ports/releases.ts';
import {
  PART_BYTES,
  type PartAnswer,
  type PartAsk,
  partAnswerSchema,
} from '../../state/file-part.ts';
import { nowhere, wrongSum } from '../../state/release-errors.ts';
import type { IncomingFile } from './incoming-file.ts';

const BUSY_MS = 250;
/** A node that has nothing to give for that long is left for another one. */
const MOST_BUSY = 40;

export interface PeerFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly incoming: IncomingFile;
  readonly from: readonly ReleasePeer[];
  onProgress(doneBytes: number): void;
}

interface Deps {
  readonly clock: Clock;
  readonly random: Pick<Random, 'number'>;
  readonly channel: Pick<Peers, 'request'>;
}

/** How it went with one node; of wrong bytes the sum, and nothing of them is left. */
type Outcome =
  | { readonly state: 'whole' }
  | { readonly state: 'none' }
  | { readonly state: 'lied'; readonly found: string };

const NONE: Outcome = { state: 'none' };

/**
 * Fetches a file from whichever node has it, and goes on with what is there of it. Resolves once it has
 * its name. RetryableError `release.nowhere` when no node has all of it, TerminalError `release.wrong-sum`
 * when only wrong bytes came.
 */
export async function fetchFromPeers(deps: Deps, file: PeerFile): Promise<void> {
  const lies: Error[] = [];
  for (const peer of shuffled(file.from, deps.random)) {
    const outcome = await fetchFrom(deps, file, peer);
    if (outcome.state === 'whole') return;
    if (outcome.state === 'none') continue;
    lies.push(wrongSum(`${file.name} of the node at ${peer.address}`, file.sha256, outcome.found));
  }
  throw lies[0] ?? nowhere(file.name);
}

async function fetchFrom(deps: Deps, file: PeerFile, peer: ReleasePeer): Promise<Outcome> {
  const isResumed = (await file.incoming.size()) > 0;
  const outcome = await tryFrom(deps, file, peer);
  // Part of it may be of somebody else, or torn: only a fetch from the beginning shows who lies.
  return outcome.state === 'lied' && isResumed ? tryFrom(deps, file, peer) : outcome;
}

async function tryFrom(deps: Deps, file: PeerFile, peer: ReleasePeer): Promise<Outcome> {
  const { incoming, bytes, onProgress } = file;
  let done = await incoming.size();
  while (done < bytes) {
    const part = await askPart(deps, file.sha256, peer, done);
    // Shorter ones than were asked for would hold us up for ever, or the file there is another one.
    if (part?.length !== Math.min(PART_BYTES, bytes - done)) return NONE;
    done += part.length;
    await incoming.append(part);
    onProgress(done);
  }
  const found = await incoming.keep();
  return found === undefined ? { state: 'whole' } : { state: 'lied', found };
}

/** Undefined from a node that does not have it, does not answer, or has too much to do. */
async function askPart(
  { channel, clock }: Deps,
  sha256: string,
  peer: ReleasePeer,
  offset: number,
): Promise<Uint8Array | undefined> {
  for (let busy = 0; busy < MOST_BUSY; busy += 1) {
    const answer = await ask(channel, peer, { sha256, offset });
    if (answer.state === 'part') return Buffer.from(answer.base64, 'base64');
    if (answer.state === 'absent') return undefined;
    await clock.sleep(BUSY_MS);
  }
  return undefined;
}

/** Who does not answer, or not so that it is understood, has nothing for us. */
async function ask(
  channel: Deps['channel'],
  peer: ReleasePeer,
  body: PartAsk,
): Promise<PartAnswer> {
  try {
    const reply = await channel.request(peer, 'file', body);
    return partAnswerSchema.safeParse(reply.body).data ?? { state: 'absent' };
  } catch (error) {
    if (!(error instanceof CivitasError)) throw error;
    return { state: 'absent' };
  }
}

/** In an order of its own, so that not all nodes ask the same one first. */
function shuffled<T>(items: readonly T[], random: Pick<Random, 'number'>): readonly T[] {
  return items
    .map((item) => ({ item, place: random.number() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
