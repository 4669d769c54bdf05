import { type Hello, PROTOCOL, type Refusal } from '../state/hello.ts';
import { heldAgainstUs, isSilent, type Knowledge } from './knowledge.ts';
import { isCloneOf } from './lives.ts';

/** Farther apart, certificates and leases of one node look wrong to another. */
const MAX_CLOCK_OFF_MS = 30_000;

/** What two nodes are compared by. */
export type SelfFacts = Pick<
  Hello,
  'nodeId' | 'instance' | 'hostname' | 'machineIdHash' | 'tokenDigest' | 'formed'
>;

export interface Judgement {
  readonly self: SelfFacts;
  readonly knowledge: Knowledge;
  readonly hello: Hello;
  readonly nowMs: number;
  readonly wallMs: number;
}

/**
 * What this node holds against another; undefined: nothing. Whoever came first stays: it is always
 * the newcomer that is refused.
 */
export function refusalOf(judgement: Judgement): Refusal | undefined {
  return (
    protocolRefusal(judgement.hello) ??
    tokenRefusal(judgement) ??
    clusterRefusal(judgement) ??
    cloneRefusal(judgement) ??
    clockRefusal(judgement) ??
    doubleRefusal(judgement)
  );
}

/**
 * Whether this process is the younger of two with one identity. Others who know both tell; until they can
 * (`isFresh`), one that has met the older holds back. Later that may be the copy, which outlived a restart
 * of what it was copied from.
 */
export function isTakenForCopy(
  knowledge: Knowledge,
  { nodeId, startedWallMs }: Pick<Hello, 'nodeId' | 'startedWallMs'>,
  isFresh: boolean,
): boolean {
  if (heldAgainstUs(knowledge).some(({ code }) => code === 'peer.clone')) return true;
  if (!isFresh) return false;
  const others = [...knowledge.refused.values()].filter((each) => each.nodeId === nodeId);
  return others.some((each) => each.startedWallMs < startedWallMs);
}

/** Callable with the one part of a hello that every protocol has in common. */
export function protocolRefusal({ protocol }: Pick<Hello, 'protocol'>): Refusal | undefined {
  if (protocol.min <= PROTOCOL.max && protocol.max >= PROTOCOL.min) return undefined;
  return {
    code: 'peer.protocol',
    message: `It speaks versions ${protocol.min} to ${protocol.max} of the peers' protocol, this node ${PROTOCOL.min} to ${PROTOCOL.max}: bring both to the same release.`,
  };
}

function tokenRefusal({ self, hello }: Judgement): Refusal | undefined {
  if (hello.tokenDigest === self.tokenDigest) return undefined;
  return {
    code: 'peer.other-token',
    message: `${hello.hostname} has a token with the same key but another spec or node count: start every node with the very same token.`,
  };
}

function clusterRefusal({ self, hello }: Judgement): Refusal | undefined {
  if (!self.formed || !hello.formed) return undefined;
  if (self.formed.clusterId === hello.formed.clusterId) return undefined;
  return {
    code: 'peer.other-cluster',
    message: `${hello.hostname} belongs to cluster ${hello.formed.clusterId}, this node to ${self.formed.clusterId}, both made from one token: they are never merged; wipe the nodes of the one that is not wanted.`,
  };
}

function cloneRefusal({ self, knowledge, hello, nowMs }: Judgement): Refusal | undefined {
  const isOwnClone = hello.nodeId === self.nodeId && hello.instance !== self.instance;
  const original = knowledge.peers.get(hello.nodeId);
  const isClone = original && !isSilent(original, nowMs) && isCloneOf(original, hello);
  if (!isOwnClone && !isClone) return undefined;
  return {
    code: 'peer.clone',
    message: `Node ${hello.nodeId} runs twice, here as ${hello.hostname}, from copies of one state directory: empty that of the copy and give its machine a host name and a machine id of its own.`,
  };
}

function clockRefusal({ hello, wallMs }: Judgement): Refusal | undefined {
  const offMs = hello.wallMs - wallMs;
  if (Math.abs(offMs) <= MAX_CLOCK_OFF_MS) return undefined;
  const seconds = Math.round(Math.abs(offMs) / 1_000);
  return {
    code: 'peer.clock-off',
    message: `The clocks of ${hello.hostname} and this node are ${seconds} s apart: set both by NTP.`,
  };
}

/** Only while both are unformed: later the log decides who takes over a machine's name. */
function doubleRefusal({ self, knowledge, hello, nowMs }: Judgement): Refusal | undefined {
  if (self.formed || hello.formed) return undefined;
  const known = [...knowledge.peers.values()].filter((peer) => !isSilent(peer, nowMs));
  const others = [self, ...known.map((peer) => peer.hello)].filter(
    ({ nodeId }) => nodeId !== hello.nodeId,
  );
  const namesake = others.find(({ hostname }) => hostname === hello.hostname);
  if (namesake) {
    return {
      code: 'peer.duplicate-hostname',
      message: `The host name ${hello.hostname} is already that of node ${namesake.nodeId}: give this machine another one.`,
    };
  }
  const double = others.find(({ machineIdHash }) => machineIdHash === hello.machineIdHash);
  if (!double) return undefined;
  return {
    code: 'peer.duplicate-machine-id',
    message: `${hello.hostname} has the machine id of ${double.hostname}: remove /etc/machine-id on one of them and run \`systemd-machine-id-setup\`.`,
  };
}
