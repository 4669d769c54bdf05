import type { KubePod } from '../../src/ports/kube-objects.ts';
import { buildCluster, until } from './cluster-by-hand.ts';
import { at, type HostScenario } from './host-scenario.ts';
import { busiest, clusterWithWeb, names, onlyReady, podsNamed, readyWeb } from './web-pods.ts';

const DAEMON = { kind: 'DaemonSet', name: 'daemon', replicas: 1, emptyDir: false } as const;
const OUT_OF_SERVICE = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
} as const;

/** Pods, and what may be done to them. */
export const WORKLOAD_SCENARIOS: readonly HostScenario[] = [
  {
    title: 'a budget lets pods go one by one, and a cordoned node gets none of the new ones',
    hosts: 3,
    observe: async (bench) => {
      const first = await clusterWithWeb(bench);
      const { kube } = first.ports;
      await bench.room.applyBudget(first, { name: 'web', minAvailable: 2 });
      await until(
        bench,
        async () => (await kube.disruptionBudgets())[0]?.disruptionsAllowed || undefined,
      );
      const on = await busiest(bench, first);
      await kube.setUnschedulable(on, true);
      const pods = (await podsNamed(first, 'web', [on])) as readonly [KubePod, ...KubePod[]];
      const [pod] = pods;
      const evicted = await kube.evict(pod);
      const other = (await podsNamed(first, 'web', names(bench))).find(
        // A pod that is not ready yet may go in spite of any budget.
        ({ uid, ready, terminating }) => uid !== pod.uid && ready && !terminating,
      );
      const refused = other && (await kube.evict(other));
      await until(bench, async () => {
        const left = (await podsNamed(first, 'web', [on])).some(({ uid }) => uid === pod.uid);
        return !left && (await readyWeb(bench, first)) === 3 ? true : undefined;
      });
      const later = await podsNamed(first, 'web', [on]);
      return {
        shape: {
          owner: pod.owner?.kind,
          emptyDir: pod.emptyDir,
          mirror: pod.mirror,
          ready: pod.ready,
        },
        evicted,
        // Its controller may not have counted the pod that goes.
        refused: refused?.outcome === 'refused' && refused.text.replace(/has \d /, 'has N '),
        stays: later.some(({ uid }) => uid === pod.uid),
        newcomers: later.length < pods.length,
        gone: await kube.evict(pod),
        daemons: (await podsNamed(first, 'kube-proxy', [on])).map(({ owner }) => owner?.kind),
      };
    },
    expected: {
      shape: { owner: 'ReplicaSet', emptyDir: true, mirror: false, ready: true },
      evicted: { outcome: 'evicted' },
      refused:
        "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 2 healthy pods and has N currently",
      stays: false,
      newcomers: true,
      gone: { outcome: 'gone' },
      daemons: ['DaemonSet'],
    },
  },

  {
    title: 'pods of a machine that was switched off and on are the same, their containers new',
    hosts: 2,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const [first, worker] = [at(bench, 0), at(bench, 1)];
      await bench.room.apply(first, DAEMON);
      const pod = () => onlyReady(first, 'daemon', 'n2');
      const before = await until(bench, pod);
      await bench.room.powerCut(worker);
      await bench.room.boot(worker);
      const after = await until(bench, async () => {
        const found = await pod();
        return found && found.restarts > 0 ? found : undefined;
      });
      return {
        same: before.uid === after.uid,
        restarted: after.restarts > before.restarts,
        mirrors: (await first.ports.kube.podsOn('n1'))
          .filter(({ mirror }) => mirror)
          .map(({ name }) => name)
          .toSorted(),
      };
    },
    expected: {
      same: true,
      restarted: true,
      mirrors: ['etcd-n1', 'kube-apiserver-n1', 'kube-controller-manager-n1', 'kube-scheduler-n1'],
    },
  },

  {
    title: 'pods of a dead machine stay with it until it is declared out of service',
    hosts: 3,
    observe: async (bench) => {
      const first = await clusterWithWeb(bench);
      const { kube } = first.ports;
      const dead = at(bench, 2);
      const before = await podsNamed(first, 'web', ['n3']);
      await bench.room.powerCut(dead);
      await until(bench, async () => {
        const node = (await kube.nodes()).find(({ name }) => name === 'n3');
        return node?.ready === false || undefined;
      });
      const leases = await kube.nodeLeases();
      const listedWallMs = bench.clock.wallMs();
      const ageMs = (name: string) =>
        listedWallMs - (leases.find(({ node }) => node === name)?.renewedWallMs ?? 0);
      const stay = (await podsNamed(first, 'web', ['n3'])).map(({ uid }) => uid);
      await kube.addTaint('n3', OUT_OF_SERVICE);
      await until(bench, async () => ((await readyWeb(bench, first)) === 3 ? true : undefined));
      await until(bench, async () =>
        (await podsNamed(first, 'web', ['n3'])).length === 0 ? true : undefined,
      );
      const uid = (await kube.nodes()).find(({ name }) => name === 'n3')?.uid ?? '';
      await kube.deleteNode('n3', uid);
      return {
        had: before.length > 0,
        stayed: before.every((pod) => stay.includes(pod.uid)),
        leases: [ageMs('n1') < 15_000, ageMs('n3') > 15_000],
        attachments: await kube.volumeAttachments('n3'),
        nodes: (await kube.nodes()).map(({ name }) => name).toSorted(),
      };
    },
    expected: {
      had: true,
      stayed: true,
      leases: [true, true],
      attachments: [],
      nodes: ['n1', 'n2'],
    },
  },

  {
    title: 'stored objects tell who wrote them, and by which version of their API',
    hosts: 1,
    observe: async (bench) => {
      await buildCluster(bench, 1);
      const first = at(bench, 0);
      const { kube } = first.ports;
      await bench.room.applyBudget(first, { name: 'web', minAvailable: 2 });
      await bench.room.applyBudget(first, { name: 'cache', minAvailable: 1 });
      const budgets = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' };
      const { objects, all } = await kube.writtenObjects(budgets, 10);
      const some = await kube.writtenObjects(budgets, 1);
      return {
        // Its controller writes to it as well.
        objects: objects
          .map(({ writers, ...object }) => ({
            ...object,
            by: writers.find(({ manager }) => manager.startsWith('kubectl'))?.apiVersion,
          }))
          .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        all,
        some: { count: some.objects.length, all: some.all },
        removed: await kube.writtenObjects({ ...budgets, version: 'v1beta1' }, 10),
      };
    },
    expected: {
      objects: ['cache', 'web'].map((name) => {
        return { namespace: 'default', name, appliedApiVersion: 'policy/v1', by: 'policy/v1' };
      }),
      all: true,
      some: { count: 1, all: false },
      removed: { objects: [], all: true },
    },
  },
];
