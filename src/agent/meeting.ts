import { randomBytes } from 'node:crypto';
import { refuseTakenPorts } from '../adapters/free-ports.ts';
import { createJoinKeyCrypto } from '../adapters/join-key-crypto.ts';
import { createMdnsDiscovery } from '../adapters/mdns-discovery.ts';
import { type OpenPeers, openPeers } from '../adapters/peers.ts';
import { createStaticDiscovery } from '../adapters/static-discovery.ts';
import { TerminalError } from '../errors.ts';
import { type Formation, startFormation } from '../formation/formation.ts';
import { FORMED_FILE } from '../formation/record-keeper.ts';
import { createRememberedDiscovery } from '../formation/remembered-discovery.ts';
import type { Discovery } from '../ports/discovery.ts';
import { type GenesisRecord, genesisRecordSchema } from '../state/genesis-record.ts';
import { LOG_PORTS } from '../state/log-ports.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Cleanup } from './cleanup.ts';
import type { FirstFoundations } from './foundations.ts';

const INSTANCE_BYTES = 16;

/** This agent among its peers: the port they reach it at, and the formation of the cluster. */
export interface Meeting {
  readonly peers: OpenPeers;
  readonly formation: Formation;
}

/** Opens the peers' port and starts to look for the others, until `cleanup` runs. */
export async function meetPeers(
  base: FirstFoundations,
  options: AgentOptions,
  cleanup: Cleanup,
): Promise<Meeting> {
  const { clock, random, log, durable, identity, token, self } = base;
  const crypto = createJoinKeyCrypto(token.joinKey);
  const record = await durable.read(FORMED_FILE, genesisRecordSchema);
  if (record) refuseOtherCluster(record, crypto.enrolmentCa(record.clusterId));
  else await refuseTakenPorts(self.addresses[0] ?? '', logPorts(options));
  const peers = await openPeers({
    joinKey: token.joinKey,
    identity,
    address: listenAddress(options),
    port: options.port,
  });
  cleanup.add(peers.close);
  log.info({ event: 'agent.listening', port: peers.port }, 'agent listening');
  const formation = await startFormation({
    clock,
    crypto,
    discovery: discoveryOf(base, options),
    durable,
    log,
    peers,
    random,
    self: {
      nodeId: self.nodeId,
      incarnation: self.incarnation,
      instance: randomBytes(INSTANCE_BYTES).toString('hex'),
      hostname: self.hostname,
      addresses: self.addresses,
      peerPort: peers.port,
      logPortBase: options.logPortBase,
      machineIdHash: self.machineIdHash,
      zone: self.zone,
      tokenDigest: base.tokenDigest,
    },
    expectedNodes: token.expectedNodes,
    spec: token.spec,
  });
  cleanup.add(formation.stop);
  return { peers, formation };
}

/** An address that was chosen is the only one served: simulated hosts share their ports by address. */
function listenAddress({ address }: AgentOptions): string {
  return address ?? '0.0.0.0';
}

function discoveryOf(base: FirstFoundations, options: AgentOptions): readonly Discovery[] {
  const { clock, random, durable, token, self } = base;
  const address = self.addresses[0] ?? '';
  const { joinKey } = token;
  return [
    createMdnsDiscovery({ joinKey, address, port: options.port, clock, random }),
    createStaticDiscovery(options.peers, clock),
    createRememberedDiscovery(durable, clock),
  ];
}

/**
 * A machine belongs to one cluster until it is wiped: another cluster's token does not move it.
 * Asked before a port is open, so that nodes of the other cluster never hear of this one.
 */
function refuseOtherCluster({ clusterId, enrolmentCa }: GenesisRecord, oursWouldBe: string): void {
  if (enrolmentCa === oursWouldBe) return;
  throw new TerminalError(
    'token.other-cluster',
    `This machine belongs to cluster ${clusterId}, and the token is of another one: use that cluster's token, or give the machine away: run \`kubeadm reset\` and empty the state directory.`,
  );
}

/** Once there is a cluster they may be taken by the replicas of this very node. */
function logPorts({ logPortBase }: AgentOptions): readonly number[] {
  return Array.from({ length: LOG_PORTS }, (_, index) => logPortBase + index);
}
