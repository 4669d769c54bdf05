import { TerminalError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeerEndpoint, PeerRequest } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import {
  type Hello,
  helloSchema,
  MAX_NAMED_PEERS,
  PROTOCOL,
  protocolSchema,
} from '../state/hello.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Knowledge } from './knowledge.ts';
import { sample } from './push-pull.ts';
import { protocolRefusal } from './refusal.ts';

/** What a node tells of itself that does not change while its process runs. */
export type OwnFacts = Omit<
  Hello,
  'protocol' | 'startedWallMs' | 'formed' | 'record' | 'wallMs' | 'peers'
>;

export interface Speaker {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: OwnFacts;
  readonly startedWallMs: number;
  formed(): GenesisRecord | null;
}

/** What this node says now to one that it met, or to a stranger; it names the others that it met. */
export function ownHello(
  { clock, random, self, startedWallMs, formed }: Speaker,
  { peers }: Knowledge,
  to: NodeId | undefined,
): Hello {
  const record = formed();
  const theirs = to === undefined ? undefined : peers.get(to)?.hello.formed;
  const haveIt = theirs?.clusterId === record?.clusterId && theirs?.epoch === record?.epoch;
  const met = [...peers].map(([nodeId, { endpoint }]) => ({ nodeId, ...endpoint }));
  return {
    ...self,
    startedWallMs,
    protocol: PROTOCOL,
    formed: record && { clusterId: record.clusterId, epoch: record.epoch },
    record: haveIt ? null : record,
    wallMs: Math.round(clock.wallMs()),
    peers: [...sample(met, MAX_NAMED_PEERS, random.number)],
  };
}

/** The hello that another node says. TerminalError `peer.protocol`, `peer.bad-hello` or `peer.forged`. */
export function helloIn({ body, from }: PeerRequest): Hello {
  const { success, data } = helloSchema.safeParse(body);
  if (success) return ownWordsOf(from, data);
  const other = protocolSchema.safeParse(body);
  const refusal = other.success ? protocolRefusal(other.data) : undefined;
  if (refusal) throw new TerminalError(refusal.code, refusal.message);
  throw new TerminalError(
    'peer.bad-hello',
    `The hello of node ${from} has a form that this release does not know: bring both to the same release.`,
  );
}

/** The hello, if it is of whom the connection proves the speaker to be. TerminalError `peer.forged`. */
export function ownWordsOf(from: NodeId, hello: Hello): Hello {
  if (hello.nodeId === from) return hello;
  throw new TerminalError(
    'peer.forged',
    `Node ${from} introduced itself as ${hello.nodeId}: it is not an agent of this release.`,
  );
}

/** Where to reach who calls. A source address that it does not name may be that of a gateway. */
export function endpointOf({ addresses, peerPort }: Hello, { address }: PeerRequest): PeerEndpoint {
  const isItsOwn = addresses.includes(address);
  return { address: isItsOwn ? address : (addresses[0] ?? address), port: peerPort };
}
