import { createBootFence } from '../../src/controllers/boot-fence/controller.ts';
import { createHandoverController } from '../../src/controllers/handover/controller.ts';
import { createKubeadmController } from '../../src/controllers/kubeadm/controller.ts';
import { loadbalancer } from '../../src/controllers/loadbalancer/controller.ts';
import { RetryableError, TerminalError } from '../../src/errors.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Sealer } from '../../src/ports/sealer.ts';
import type { StoreHandle } from '../../src/ports/store.ts';
import type { Controller } from '../../src/runtime/controller.ts';
import { type Manager, startManager } from '../../src/runtime/manager.ts';
import { register } from '../../src/runtime/registered-controller.ts';
import { createMemoryLeases } from '../../src/simulation/memory-leases.ts';
import { createMemoryLink } from '../../src/simulation/memory-link.ts';
import { createMemoryLog } from '../../src/simulation/memory-log.ts';
import { createMemoryStore } from '../../src/simulation/memory-store.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import type { HostSpec } from '../../src/simulation/simulated-host.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createWorld } from '../../src/simulation/world.ts';
import { clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { Node } from '../../src/state/node.ts';
import { createMemoryDurable } from '../formation/memory-durable.ts';

export const CLUSTER_ID = '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11';

/** When an agent dies in an action, if at all: before it took effect, or right after. */
export type Death = () => 'before' | 'after' | undefined;

export type KubeadmNodes = ReturnType<typeof createKubeadmNodes>;

export interface KubeadmNode {
  readonly node: Node;
  readonly ports: Ports;
  start(): void;
  stop(): Promise<void>;
}

/** The controller under test, or a broken one in its place. */
type Kubeadm = ReturnType<typeof createKubeadmController>;
export type Alter = (kubeadm: Kubeadm) => Kubeadm;

/** Simulated hosts, each with the controllers that bring it to Kubernetes, on one log. */
export function createKubeadmNodes(
  seed: number,
  death: Death = () => undefined,
  alter: Alter = (kubeadm) => kubeadm,
) {
  const random = createSeededRandom(seed);
  const clock = createVirtualClock({ random });
  const world = createWorld({ clock, random });
  const log = createMemoryLog();
  const observer = createMemoryStore({ log, link: createMemoryLink() });
  const nodes: KubeadmNode[] = [];

  async function addNode(spec: Partial<HostSpec> = {}): Promise<KubeadmNode> {
    const number = nodes.length + 1;
    const node = nodeRecord(number);
    const { hostname, nodeId, incarnation } = node;
    world.addHost({ hostname, address: `10.88.0.${number}`, ...spec });
    const link = createMemoryLink(() => clock.sleep(5));
    const self = { nodeId, incarnation, record: node };
    const ports: Ports = {
      ...world.hostPorts(hostname),
      clock,
      random,
      self,
      durable: createMemoryDurable(),
      leadership: { term: () => undefined, onLead: () => () => undefined },
      leases: createMemoryLeases({ log, link, clock, self }),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      logPeers: {
        groups: async () => undefined,
        evacuate: async () => undefined,
        lead: async () => undefined,
        remove: async () => undefined,
      },
      observers: { reports: () => [], clocks: () => [], roundTripMs: () => undefined },
      replicaServers: {
        observe: async () => [],
        answering: async () => [],
        start: async () => {},
        stop: async () => {},
        retire: async () => 'unused',
        refresh: async () => undefined,
        discard: async () => undefined,
      },
      sealer: namedSealer(node.sealKey),
      store: createMemoryStore({ log, link }),
    };
    await observer.put('node', nodeId, node, 0);
    const added = createNode(node, ports, death, alter);
    nodes.push(added);
    return added;
  }

  return { clock, world, log: observer, nodes, random, addNode };
}

/** The spec that the leader would have written. */
export async function writeSpec(log: StoreHandle, kubernetesVersion = 'v1.34.4'): Promise<void> {
  await log.put('spec', SINGLETON, clusterSpecSchema.parse({ kubernetesVersion }), 0);
}

function createNode(node: Node, ports: Ports, death: Death, alter: Alter): KubeadmNode {
  const kubeadm = () => alter(createKubeadmController({ clusterId: CLUSTER_ID }));
  let manager: Manager | undefined;
  return {
    node,
    ports,
    start() {
      manager = startManager(
        [
          register(loadbalancer),
          register(mortal(createBootFence, death)),
          register(mortal(kubeadm, death)),
          register(mortal(createHandoverController, death)),
        ],
        ports,
        () => undefined,
      );
    },
    async stop() {
      await manager?.stop();
      manager = undefined;
    },
  };
}

/** A controller whose agent dies in the middle of actions, and starts again without its memory. */
function mortal<O, A extends { readonly type: string }>(
  create: () => Controller<O, A>,
  death: Death,
): Controller<O, A> {
  let life = create();
  function die(): never {
    life = create();
    throw new RetryableError('test.killed', 'the agent was killed');
  }
  return {
    ...life,
    observe: (ports) => life.observe(ports),
    decide: (observed) => life.decide(observed),
    async act(action, ports) {
      const moment = death();
      if (moment === 'before') die();
      await life.act(action, ports);
      if (moment === 'after') die();
    },
  };
}

function nodeRecord(number: number): Node {
  const letter = String.fromCharCode(96 + number);
  return {
    nodeId: letter.repeat(11),
    incarnation: 1,
    hostname: `n${number}`,
    addresses: [`10.88.0.${number}`],
    peerPort: 7946,
    machineIdHash: String(number).repeat(64).slice(0, 64),
    zone: '',
    labels: {},
    sealKey: `key-of-n${number}`,
    capacity: { cpus: 2, memoryMiB: 4_096, fsyncP99Ms: 1 },
    agentVersion: '0.1.0',
  };
}

/** Seals by name: who opens a box of somebody else is found out. */
function namedSealer(ownKey: string): Sealer {
  return {
    seal: (recipientKey, plaintext) => ({
      ephemeralKey: recipientKey,
      nonce: '',
      ciphertext: btoa(plaintext),
    }),
    open({ ephemeralKey, ciphertext }) {
      if (ephemeralKey !== ownKey)
        throw new TerminalError('seal.foreign', 'not sealed to this node');
      return atob(ciphertext);
    },
  };
}
