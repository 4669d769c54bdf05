import { createFounding } from '../../../src/controllers/founding/controller.ts';
import { createKubeadmController } from '../../../src/controllers/kubeadm/controller.ts';
import { createLogReplica } from '../../../src/controllers/log-replica/controller.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import { controllersOf } from '../../../src/engine/controllers.ts';
import type { Bucket } from '../../../src/ports/bucket.ts';
import type { Ports } from '../../../src/ports/index.ts';
import type { Store } from '../../../src/ports/store.ts';
import { type RegisteredController, register } from '../../../src/runtime/registered-controller.ts';
import { editsSpread } from '../../../src/simulation/checker/liveness/edits.ts';
import { agreement } from '../../../src/simulation/checker/safety/agreement.ts';
import { fencing } from '../../../src/simulation/checker/safety/fencing.ts';
import { oneLog } from '../../../src/simulation/checker/safety/one-log.ts';
import { specRegister } from '../../../src/simulation/checker/safety/spec-register.ts';
import { validSpec } from '../../../src/simulation/checker/safety/valid-spec.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Replica } from '../../../src/state/genesis-record.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import { breakLogs } from './broken-log.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';
import { withoutLeader } from './without-leader.ts';

const TEN_SECONDS_MS = 10_000;
const TWO_MINUTES_MS = 2 * ONE_MINUTE_MS;

export const logMutants: readonly Mutant[] = [
  {
    rule: specRegister,
    name: 'the log writes whatever revision is named',
    async script(fleet, isBroken) {
      if (isBroken) breakLogs(fleet, withoutCompare);
      await fleet.clock.advance(TWO_MINUTES_MS);
      const edits = [edit(fleet, 'n1', 4), edit(fleet, 'n2', 5)];
      await fleet.clock.drive(Promise.allSettled(edits));
    },
  },
  {
    rule: agreement,
    name: 'one replica serves another text than the others',
    async script(fleet, isBroken) {
      const { nodeId } = fleet.machine('n2').node();
      if (isBroken)
        breakLogs(fleet, (bucket, writer) => (writer === nodeId ? damaged(bucket) : bucket));
      await fleet.clock.advance(TWO_MINUTES_MS);
    },
  },
  {
    rule: agreement,
    name: 'the log promises before it wrote',
    async script(fleet, isBroken) {
      if (isBroken) breakLogs(fleet, promising);
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: oneLog,
    name: 'a replica that lost its place comes back on the word of an old copy',
    options: { nodes: 4, spec: { controlPlanes: 1 } },
    altered: () =>
      inPlaceOf('log-replica', (options) => {
        const logReplica = createLogReplica(options);
        const founded = options.formed().replicas;
        return register({
          ...logReplica,
          observe: (ports) => logReplica.observe({ ...ports, store: withOldSet(ports, founded) }),
        });
      }),
    async script(fleet) {
      await fleet.clock.advance(TWO_MINUTES_MS);
      const replicas = fleet.logs.newest()?.group.voters() ?? [];
      const [lost] = replicas.filter(({ host }) => fleet.machine(host) !== fleet.leader());
      if (!lost) throw new Error('there is no log');
      fleet.machine(lost.host).powerOff();
      await fleet.clock.advance(2 * TWO_MINUTES_MS);
      fleet.machine(lost.host).boot();
      // A server that was removed is taken in again after 5 minutes.
      await fleet.clock.advance(3 * TWO_MINUTES_MS);
    },
  },
  {
    rule: fencing,
    name: 'leaders go on in their first term, and hosts do not ask who leads',
    // They write the same again and again, so a short time is long enough.
    script: ({ clock }) => clock.advance(TEN_SECONDS_MS),
    altered: () => ({
      controllers: (options) =>
        controllersOf(options).map((each) => {
          if (each.name === 'roles') return inFirstTerm(createRoles(options.formed));
          const { clusterId } = options.formed();
          return each.name === 'kubeadm'
            ? leaderless(createKubeadmController({ clusterId }))
            : each;
        }),
    }),
  },
  {
    rule: editsSpread,
    name: 'edits reach one host late',
    async script(fleet, isBroken) {
      const { nodeId } = fleet.machine('n2').node();
      if (isBroken)
        breakLogs(fleet, (bucket, writer) => (writer === nodeId ? late(bucket, fleet) : bucket));
      await fleet.clock.advance(TWO_MINUTES_MS);
      await fleet.clock.drive(edit(fleet, 'n1', 4));
      await fleet.clock.advance(TEN_SECONDS_MS);
    },
  },
  {
    rule: validSpec,
    name: 'nobody looks at a spec before it is written',
    altered: () =>
      inPlaceOf('founding', ({ formed }) =>
        register(createFounding({ ...formed().spec, controlPlanes: 7 })),
      ),
  },
];

function withoutCompare(bucket: Bucket): Bucket {
  return { ...bucket, write: (path, text) => bucket.write(path, text, undefined) };
}

function damaged(bucket: Bucket): Bucket {
  return {
    ...bucket,
    watch: (watcher) =>
      bucket.watch({
        ...watcher,
        onRecord: (record) =>
          watcher.onRecord({ ...record, text: record.text && `${record.text} ` }),
      }),
  };
}

function late(bucket: Bucket, { clock }: Fleet): Bucket {
  return {
    ...bucket,
    watch: (watcher) =>
      bucket.watch({
        ...watcher,
        async onRecord(record) {
          if (record.path.startsWith('spec.')) await clock.sleep(TEN_SECONDS_MS / 2);
          watcher.onRecord(record);
        },
      }),
  };
}

function promising(bucket: Bucket): Bucket {
  return {
    ...bucket,
    async write(path, text, ifRevision) {
      const isStatus = path.startsWith('status.');
      if (isStatus) return { type: 'written', revision: 1_000_000 };
      return bucket.write(path, text, ifRevision);
    },
  };
}

/** As two people who edit at the same time, on two hosts. */
async function edit(fleet: Fleet, hostname: string, size: number): Promise<void> {
  const store = fleet.machine(hostname).agent()?.member.current()?.log.store;
  const entry = store?.get('spec', SINGLETON);
  if (!store || !entry) throw new Error(`${hostname} knows no spec`);
  await store.put('spec', SINGLETON, { ...entry.value, size }, entry.revision);
}

function inFirstTerm(roles: ReturnType<typeof createRoles>): RegisteredController {
  return register({
    ...roles,
    async act(action, { store }) {
      if (action.type !== 'assign') return;
      const { assignment, ifRevision } = action;
      const stale = { ...assignment, term: 1 };
      await store.put('assignment', assignment.nodeId, stale, ifRevision);
    },
  });
}

/** Whoever does not see who leads takes any assignment for one that came in time. */
function leaderless(kubeadm: ReturnType<typeof createKubeadmController>): RegisteredController {
  return register({
    ...kubeadm,
    observe: (ports) => kubeadm.observe({ ...ports, store: withoutLeader(ports.store) }),
  });
}

/** A node that genesis gave a replica never hears that it lost it. */
function withOldSet({ self, store }: Ports, founded: readonly Replica[]): Store {
  const has = (replicas: readonly Replica[]) =>
    replicas.some(({ nodeId }) => nodeId === self.nodeId);
  const isOld = () => {
    const set = store.get('replicas', SINGLETON)?.value;
    return set !== undefined && has(founded) && !has(set.replicas);
  };
  return {
    get synced() {
      return store.synced;
    },
    get: (kind, key) => (kind === 'replicas' && isOld() ? undefined : store.get(kind, key)),
    list: (kind) => store.list(kind),
    put: (kind, key, value, ifRevision) => store.put(kind, key, value, ifRevision),
    remove: (kind, key, ifRevision) => store.remove(kind, key, ifRevision),
    onChange: (callback) => store.onChange(callback),
  };
}
