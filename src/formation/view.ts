import type { Clock } from '../ports/clock.ts';
import type { DiscoveryHealth } from '../ports/discovery.ts';
import type { GenesisRecord } from '../state/genesis-record.ts';
import type { Hello } from '../state/hello.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Wait } from '../state/status.ts';
import type { Waiting } from './genesis/why-waiting.ts';
import { heldAgainstUs, type Knowledge } from './knowledge.ts';
import { waitingMessage } from './waiting-message.ts';

interface PeerView {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly address: string;
  /** Milliseconds since it last spoke to this node. */
  readonly ageMs: number;
  /** Why this peer is not counted, in one sentence with the cure; null when it is. */
  readonly refusal: string | null;
}

/** What formation has to say to people. */
export interface FormationView {
  readonly record: GenesisRecord | null;
  readonly discovery: readonly DiscoveryHealth[];
  /** By host name. */
  readonly peers: readonly PeerView[];
  /** What a node that founds a log waits for. */
  readonly waiting: Wait | null;
  /** What a person has to look into; none in a healthy cluster. */
  readonly alarms: readonly string[];
}

export interface ViewFacts {
  readonly clock: Clock;
  readonly self: Pick<Hello, 'hostname' | 'machineIdHash'>;
  readonly record: GenesisRecord | null;
  readonly discovery: readonly DiscoveryHealth[];
  readonly knowledge: Knowledge;
  /** Sentences about addresses at which somebody else listens. */
  readonly troubles: readonly string[];
  readonly waiting: Waiting | undefined;
  readonly alarms: readonly string[];
}

const byHostname = new Intl.Collator('en', { numeric: true });
const ALARMING = new Set(['peer.other-cluster', 'peer.clone']);

/** A snapshot for `civitas status`; plain JSON, without secrets. */
export function viewOf({
  clock,
  knowledge,
  waiting,
  troubles,
  ...facts
}: ViewFacts): FormationView {
  const { record, discovery, alarms } = facts;
  const refusals = [...knowledge.refused.values(), ...heldAgainstUs(knowledge)];
  const grave = refusals.filter(({ code }) => ALARMING.has(code)).map(({ message }) => message);
  const doubles = record === null ? [] : doublesOf(facts.self, knowledge);
  const message = waiting ? waitingMessage(waiting, knowledge, troubles) : '';
  return {
    record,
    discovery,
    peers: peerViews(knowledge, clock.nowMs()),
    waiting: waiting ? waitOf(waiting, clock, anew(record) + message) : null,
    alarms: [...new Set([...alarms, ...grave, ...doubles])],
  };
}

/** Nodes without a cluster refuse each other for it; later the log decides, and both machines tell. */
function doublesOf(
  { hostname, machineIdHash }: ViewFacts['self'],
  { peers }: Knowledge,
): readonly string[] {
  return [...peers.values()].flatMap(({ answers, hello, endpoint }) => {
    const hasName = hello.hostname === hostname;
    const hasMachine = hello.machineIdHash === machineIdHash;
    if (!answers || !(hasName || hasMachine)) return [];
    const shared = [hasName ? 'host name' : '', hasMachine ? 'machine id' : ''].filter(Boolean);
    return [
      `Node ${hello.nodeId} (${hello.hostname}) at ${endpoint.address} and this node have one ${shared.join(' and ')}: only the one that enrolled first takes part while it lives; give the other machine its own.`,
    ];
  });
}

function anew(record: GenesisRecord | null): string {
  if (record === null) return '';
  return `The log of epoch ${record.epoch} never came up, so it is founded anew. `;
}

function peerViews({ peers, refused }: Knowledge, nowMs: number): readonly PeerView[] {
  const counted = [...peers].map(([nodeId, { hello, endpoint, seenMs }]) => ({
    nodeId,
    hostname: hello.hostname,
    address: endpoint.address,
    ageMs: nowMs - seenMs,
    refusal: null,
  }));
  const others = [...refused.values()].map(({ nodeId, hostname, address, seenMs, message }) => ({
    nodeId,
    hostname,
    address,
    ageMs: nowMs - seenMs,
    refusal: message,
  }));
  return [...counted, ...others].sort((left, right) =>
    byHostname.compare(left.hostname, right.hostname),
  );
}

function waitOf({ cause, sinceMs }: Waiting, clock: Clock, message: string): Wait {
  const sinceWallMs = Math.round(clock.wallMs() - (clock.nowMs() - sinceMs));
  return { reason: cause.reason, message: message.slice(0, 1_000), sinceWallMs };
}
