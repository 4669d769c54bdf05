import { createDeparture } from '../../src/controllers/departure/controller.ts';
import { CivitasError, RetryableError } from '../../src/errors.ts';
import type { HostPorts, Ports } from '../../src/ports/index.ts';
import { reconcile } from '../../src/runtime/reconcile.ts';
import type { SimulatedCluster } from '../../src/simulation/simulated-cluster.ts';
import type { Task } from '../../src/state/assignment.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { balance, buildCluster } from '../contracts/cluster-by-hand.ts';
import { type SimulatedBench, simulatedBench } from '../simulation/simulated-bench.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  liveness,
  node,
  operation,
  served,
  spec,
} from './controllers-entries.ts';
import { createWorld, portsIn } from './controllers-ports.ts';
import type { FakeStore } from './controllers-store.ts';

const PASS_EVERY_MS = 1_000;
const ROLES = { demote: 'worker', retire: 'spare' } as const;

/** A real cluster on simulated hosts, and what a log says of it. */
export interface DepartureBench {
  readonly bench: SimulatedBench;
  readonly store: FakeStore;
  readonly cluster: SimulatedCluster;
  /** What the leader asks of a node; again for the same operation under another sponsor. */
  ask(number: number, task: 'demote' | 'retire', sponsor: number): Promise<void>;
  withdraw(number: number): Promise<void>;
  judge(number: number, verdict: Liveness['verdict']): Promise<void>;
  /** The agent of a control plane, just started. */
  agent(number: number, options?: AgentOptions): Agent;
  pass(ms: number): Promise<void>;
}

export interface AgentOptions {
  readonly alter?: (ports: HostPorts) => Partial<HostPorts>;
  /** Dies after that many actions, or right before that many were done. */
  readonly dies?: { readonly when: 'after' | 'before'; readonly action: number };
}

interface Agent {
  /** Passes, a second apart, until `isOver`; the codes of the errors that ended some of them. */
  work(isOver: () => boolean, limitMs: number): Promise<readonly string[]>;
  /** Types of the actions that it carried out. */
  readonly acted: readonly string[];
  isDead(): boolean;
}

/** A fleet of `hosts` machines, the first `controlPlanes` of them control planes; all serve. */
export async function departureBench(
  hosts: number,
  controlPlanes: number,
  drainTimeoutSeconds = 600,
): Promise<DepartureBench> {
  const bench = simulatedBench({ hosts });
  await bench.drive(buildCluster(bench, controlPlanes));
  await bench.drive(balance(bench.hosts, bench.hosts.slice(0, controlPlanes)));
  await bench.clock.advance(10_000);
  const { store } = createWorld();
  const upgrade = { maxUnavailable: 1, drainTimeoutSeconds, paused: false };
  await store.set('spec', SINGLETON, spec({ upgrade }));
  for (const [index] of bench.hosts.entries()) {
    await enrol(store, index + 1, index < controlPlanes);
  }
  const [cluster] = [...bench.world.state.clusters.values()];
  if (!cluster) throw new Error('the bench has no cluster');

  const assign = async (number: number, task: Task, role: 'worker' | 'spare', sponsor: number) => {
    // The agent of a living host says so at once.
    const operationId = `${task}-${id(number)}-1`;
    await store.set('operation', operationId, operation(number, { operationId, task }));
    await store.set(
      'assignment',
      id(number),
      assignment(number, {
        task,
        role,
        operationId,
        sponsor: id(sponsor),
      }),
    );
  };
  return {
    bench,
    store,
    cluster,
    ask: async (number, task, sponsor) => void (await assign(number, task, ROLES[task], sponsor)),
    withdraw: async (number) => void (await assign(number, 'join-worker', 'worker', 1)),
    judge: async (number, verdict) =>
      void (await store.set('liveness', id(number), liveness(number, { verdict }))),
    agent: (number, options = {}) => createAgent(bench, store, number, options),
    pass: (ms) => bench.clock.advance(ms),
  };
}

export function isDone({ store }: DepartureBench, number: number): boolean {
  return store.get('departure', id(number))?.value.state === 'done';
}

/** Reason of what the departure waits for. */
export function waitOf({ store }: DepartureBench, number: number): string | undefined {
  return store.get('departure', id(number))?.value.waiting?.reason;
}

/** What people find in the cluster. */
export function factsOf({ cluster, bench }: DepartureBench) {
  return {
    members: cluster.etcd.members.map(({ peerUrl, learner }) =>
      [peerUrl.replace(/https:\/\/(.*):2380/, '$1'), ...(learner ? ['learner'] : [])].join(' '),
    ),
    nodes: [...cluster.nodes.values()]
      .map(({ name, controlPlane, unschedulable }) =>
        [
          name,
          controlPlane ? 'control-plane' : 'worker',
          ...(unschedulable ? ['cordoned'] : []),
        ].join(' '),
      )
      .toSorted(),
    quorum: bench.world.state.journal.length > 0 && cluster.etcd.leader !== undefined,
  };
}

/** What was done to the cluster since the journal had `from` entries. */
export function journalOf({ bench }: DepartureBench, from: number): readonly string[] {
  return bench.world.state.journal
    .slice(from)
    .map(({ event }) => event)
    .filter((event) => /^(member|snapshot|node|pod)\.(?!ready|lost)/.test(event));
}

async function enrol(store: FakeStore, number: number, isControlPlane: boolean): Promise<void> {
  const asked = isControlPlane ? controlPlaneAssignment(number) : assignment(number);
  await store.set('node', id(number), node(number, { addresses: [`10.88.0.${number}`] }));
  await store.set('assignment', id(number), asked);
  await store.set('status', id(number), served(asked));
  await store.set('liveness', id(number), liveness(number));
}

function createAgent(
  bench: SimulatedBench,
  store: FakeStore,
  number: number,
  { alter, dies }: AgentOptions,
): Agent {
  const controller = createDeparture();
  const host = bench.host(number - 1).ports;
  const record = node(number, { addresses: [`10.88.0.${number}`] });
  const ports: Ports = {
    ...portsIn(createWorld(), { ...host, ...alter?.(host) }),
    clock: bench.clock,
    self: { nodeId: id(number), incarnation: 1, record },
    store,
  };
  const acted: string[] = [];
  let dead = false;

  function die(): never {
    dead = true;
    throw new RetryableError('test.killed', 'the agent was killed');
  }

  const mortal: typeof controller = {
    ...controller,
    async act(action, given) {
      if (dies?.when === 'before' && acted.length + 1 === dies.action) die();
      await controller.act(action, given);
      acted.push(action.type);
      if (dies?.when === 'after' && acted.length === dies.action) die();
    },
  };

  async function onePass(errors: string[]): Promise<void> {
    try {
      await bench.drive(reconcile(mortal, ports));
    } catch (error) {
      if (!(error instanceof CivitasError)) throw error;
      errors.push(error.code);
    }
  }

  return {
    acted,
    isDead: () => dead,
    async work(isOver, limitMs) {
      const errors: string[] = [];
      const endMs = bench.clock.nowMs() + limitMs;
      while (!isOver() && !dead && bench.clock.nowMs() < endMs) {
        await onePass(errors);
        await bench.clock.advance(PASS_EVERY_MS);
      }
      return errors;
    },
  };
}
