import { createDeparture } from '../../src/controllers/departure/controller.ts';
import type { SimulatedCluster } from '../../src/simulation/simulated-cluster.ts';
import type { Task } from '../../src/state/assignment.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { Liveness } from '../../src/state/liveness.ts';
import { balance, buildCluster } from '../contracts/cluster-by-hand.ts';
import { type SimulatedBench, simulatedBench } from '../simulation/simulated-bench.ts';
import { type Agent, type AgentOptions, controllerAgent } from './controller-agent.ts';
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
import { createWorld } from './controllers-ports.ts';
import type { FakeStore } from './controllers-store.ts';

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
  const upgrade = { ...spec().upgrade, drainTimeoutSeconds };
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
    agent: (number, options = {}) =>
      controllerAgent(bench, store, { number, controller: createDeparture(), ...options }),
    pass: (ms) => bench.clock.advance(ms),
  };
}

/** Another node enrols, and lives, with the name and the address of this one. */
export async function comeBackEmpty({ store }: DepartureBench, number: number, as: number) {
  const { hostname } = node(number);
  const addresses = [`10.88.0.${number}`];
  await store.set('node', id(as), node(as, { hostname, addresses }));
  await store.set('liveness', id(as), liveness(as));
}

export function isDone({ store }: DepartureBench, number: number): boolean {
  return store.get('departure', id(number))?.value.state === 'done';
}

/** Reason of what the departure waits for. */
export function waitOf({ store }: DepartureBench, number: number): string | undefined {
  return store.get('departure', id(number))?.value.waiting?.reason;
}

/** What people find in the cluster. */
export function factsOf({ cluster, bench }: Pick<DepartureBench, 'bench' | 'cluster'>) {
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
export function journalOf(
  { bench }: Pick<DepartureBench, 'bench'>,
  from: number,
): readonly string[] {
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
