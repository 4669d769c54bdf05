import { type Formation, startFormation } from '../../formation/formation.ts';
import { createRememberedDiscovery } from '../../formation/remembered-discovery.ts';
import type { Ports } from '../../ports/index.ts';
import type { Peers } from '../../ports/peers.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import type { Node } from '../../state/node.ts';
import { randomHex } from '../seeded-random.ts';
import { digestOf } from '../trace/digest.ts';
import type { Life } from './life.ts';
import type { Surroundings } from './surroundings.ts';

const INSTANCE_DIGITS = 32;
const DIGEST_DIGITS = 64;
const LOG_PORT_BASE = 7_950;

type Begun = Pick<Ports, 'clock' | 'durable' | 'log'> & {
  readonly peers: Peers;
  readonly life: Life;
};

/** The formation of one life of an agent, over a simulated link, clock and disk. */
export function formAgent(node: Node, around: Surroundings, begun: Begun): Promise<Formation> {
  const { clock, durable, log, peers, life } = begun;
  const { random, multicast, token } = around;
  const who = { host: node.hostname, address: node.addresses[0] ?? '' };
  const { nodeId, incarnation, hostname, addresses, machineIdHash, peerPort, zone } = node;
  return startFormation({
    clock,
    crypto: { enrolmentCa: (clusterId) => `simulated CA of ${clusterId}` },
    discovery: [
      multicast.discovery(who, clock, () => !life.isOver() && !life.isPaused()),
      createRememberedDiscovery(durable, clock),
    ],
    durable,
    log,
    peers,
    random,
    self: {
      nodeId,
      incarnation,
      hostname,
      addresses,
      machineIdHash,
      peerPort,
      zone,
      instance: randomHex(random, INSTANCE_DIGITS),
      logPortBase: LOG_PORT_BASE,
      tokenDigest: tokenDigest(token),
    },
    expectedNodes: token.expectedNodes,
    spec: token.spec,
  });
}

function tokenDigest(token: {
  readonly expectedNodes: number;
  readonly spec: ClusterSpec;
}): string {
  return digestOf(JSON.stringify(token)).padEnd(DIGEST_DIGITS, '0');
}
