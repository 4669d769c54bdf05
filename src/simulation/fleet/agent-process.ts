import { becomeMember, type Member, type MemberOptions } from '../../engine/membership.ts';
import { parkHost } from '../../engine/park-host.ts';
import type { Formation } from '../../formation/formation.ts';
import { FORMED_FILE } from '../../formation/record-keeper.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Durable } from '../../ports/durable.ts';
import type { HostPorts } from '../../ports/index.ts';
import { type GenesisRecord, genesisRecordSchema } from '../../state/genesis-record.ts';
import type { Node } from '../../state/node.ts';
import type { MemoryLink } from '../memory-link.ts';
import { createTracedLog } from '../trace/traced-log.ts';
import { formAgent } from './agent-formation.ts';
import { type Life, mortal, mortalClock } from './life.ts';
import { connectLog } from './log-links.ts';
import { type EnabledReplicas, simulatedReplicaServers } from './replica-servers.ts';
import { simulatedLogPeers } from './simulated-log-peers.ts';
import { createSimulatedSealer } from './simulated-sealer.ts';
import type { StateDirectory } from './state-directory.ts';
import type { Surroundings } from './surroundings.ts';

/** What outlives the process of an agent. */
export interface Installed {
  readonly node: Node;
  readonly directory: StateDirectory;
  readonly enabledReplicas: EnabledReplicas;
  /** The machine's own clocks. */
  readonly clock: Clock;
  /** Name of the join key in its token. */
  readonly key: string;
}

/** One run of an agent's process. */
export interface AgentProcess {
  readonly formation: Formation;
  readonly member: Member;
  /** How it reaches the log; undefined before there is one. */
  link(): MemoryLink | undefined;
  /** SIGTERM: passes under way come to their end, and a leader hands over. */
  stop(): Promise<void>;
}

/** The agent as src/agent puts it together, over simulated ports. Never resolves for a life that ended first. */
export async function startProcess(
  life: Life,
  installed: Installed,
  around: Surroundings,
): Promise<AgentProcess> {
  const { node, directory, enabledReplicas, key } = installed;
  const { random, recorder, world, logs, network } = around;
  const host = node.hostname;
  const clock = mortalClock(life, installed.clock);
  const log = createTracedLog(host, recorder);
  const disk = mortal(life, directory.over(clock, random), 'durable');
  const durable = tellingFormed(disk, (record) => {
    recorder.note(host, { type: 'agent.formed', record });
  });
  // ExecStartPre of manifests/civitas.service.
  await parkHost({ ...mortalHostPorts(life, world.hostPorts(host)), clock, durable, log });
  const peers = network.attach({ host, nodeId: node.nodeId, life, key }, addressOf(node), clock);
  const formation = await formAgent(installed.node, around, { clock, durable, log, peers, life });
  let link: MemoryLink | undefined;

  function openLog(record: GenesisRecord) {
    const replicated = logs.of(record);
    const { name } = replicated;
    const connection = connectLog({
      host,
      nodeId: node.nodeId,
      log: replicated,
      clock,
      random,
      quality: network.quality,
      runs: () => !life.isOver() && !life.isPaused(),
      isOver: life.isOver,
      onDelivered: (delivered) => recorder.noteDelivered(name, host, delivered),
      onSynced: (revision) => recorder.note(host, { type: 'log.synced', log: name, revision }),
      onAcknowledged: (path, revision) => recorder.noteAcknowledged(name, host, path, revision),
    });
    link = connection.link;
    const entries = mortal(life, connection.entries, 'log', ['write']);
    return { ...connection, entries };
  }

  const replicaServers = simulatedReplicaServers(host, enabledReplicas, {
    logs,
    sleep: (delayMs) => clock.sleep(delayMs),
    hasAddress: (address) => world.state.hosts.get(host)?.address === address,
  });
  const ports: MemberOptions['ports'] = {
    ...mortalHostPorts(life, world.hostPorts(host)),
    clock,
    durable,
    log,
    logPeers: mortal(life, simulatedLogPeers(host, logs), 'logPeers'),
    random,
    replicaServers: mortal(life, replicaServers, 'replicaServers'),
    sealer: createSimulatedSealer(node.sealKey),
    self: { nodeId: node.nodeId, incarnation: node.incarnation, record: node },
  };
  const member = becomeMember({
    formation,
    peers,
    ports: around.alterPorts(ports, node),
    openLog,
    ...(around.controllers && { controllers: around.controllers }),
  });
  return {
    formation,
    member,
    link: () => link,
    async stop() {
      await member.stop();
      await formation.stop();
    },
  };
}

/** Tells of each genesis record once it is on the disk, and of the one that it finds there. */
function tellingFormed(durable: Durable, tell: (record: GenesisRecord) => void): Durable {
  let isTold = false;
  return {
    remove: durable.remove,
    async read(name, schema) {
      const value = await durable.read(name, schema);
      if (name === FORMED_FILE && value !== undefined && !isTold) {
        isTold = true;
        tell(genesisRecordSchema.parse(value));
      }
      return value;
    },
    async write(name, value) {
      await durable.write(name, value);
      if (name === FORMED_FILE) tell(genesisRecordSchema.parse(value));
    },
  };
}

function mortalHostPorts(life: Life, ports: HostPorts): HostPorts {
  return {
    balancer: mortal(life, ports.balancer, 'balancer'),
    certificates: mortal(life, ports.certificates, 'certificates'),
    etcd: mortal(life, ports.etcd, 'etcd'),
    files: mortal(life, ports.files, 'files'),
    host: mortal(life, ports.host, 'host'),
    kube: mortal(life, ports.kube, 'kube'),
    operations: mortal(life, ports.operations, 'operations'),
    podNetwork: mortal(life, ports.podNetwork, 'podNetwork'),
    releases: mortal(life, ports.releases, 'releases'),
  };
}

function addressOf({ addresses }: Node): string {
  return addresses[0] ?? '';
}
