import { describe, expect, test } from '@jest/globals';
import { createBootFence } from '../../../src/controllers/boot-fence/controller.ts';
import { decide } from '../../../src/controllers/boot-fence/decide.ts';
import type { Observed } from '../../../src/controllers/boot-fence/observed.ts';
import { createRoles } from '../../../src/controllers/roles/controller.ts';
import { type ControllerOptions, controllersOf } from '../../../src/engine/controllers.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { Role } from '../../../src/state/assignment.ts';
import { MANIFESTS_FOLDER, PARKED_FOLDER } from '../../../src/state/kubernetes-paths.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
/** From the boot of all machines: the log answers after 9 s, and static pods take 4 s. */
const SOON_MS = 15_000;

type Believe = (observed: Observed) => Partial<Observed>;

/** Three control planes and a worker, where nobody changes a role once the test leads. */
async function whole(believe: Believe = () => ({})) {
  const led = { byTest: false };
  const controllers = (options: ControllerOptions) =>
    controllersOf(options).flatMap((each) => {
      if (each.name === 'departure') return [];
      if (each.name === 'boot-fence') return [fenceBelieving(believe)];
      return [each.name === 'roles' ? rolesUntil(led, options) : each];
    });
  const fleet = startFleet({ nodes: 5, seed: 1, spec: { controlPlanes: 3 }, controllers });
  await untilWhole(fleet);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  led.byTest = true;
  return fleet;
}

function rolesUntil(led: { readonly byTest: boolean }, { formed }: ControllerOptions) {
  const roles = createRoles(formed);
  return register({
    ...roles,
    decide: (observed) => (led.byTest ? [] : roles.decide(observed)),
  });
}

function fenceBelieving(believe: Believe) {
  const fence = createBootFence();
  return register({
    ...fence,
    decide: (observed) => decide({ ...observed, ...believe(observed) }),
  });
}

function apiServers({ world }: Fleet): number {
  return [...world.state.hosts.values()].filter(({ runtime }) => runtime?.apiServerReady).length;
}

/** Moves of manifests into that folder, by host. */
function movesTo({ world }: Fleet, folder: string): readonly string[] {
  const moves = world.state.journal.filter(
    ({ event, detail }) => event === 'file.moved' && detail.includes(` ${folder}/`),
  );
  return [...new Set(moves.map(({ host }) => host))].sort();
}

function hostsOf(fleet: Fleet, role: Role): readonly string[] {
  const store = logOf(fleet);
  return store
    .list('assignment')
    .filter(({ value }) => value.role === role)
    .map(({ key }) => store.get('node', key)?.value.hostname ?? '')
    .sort();
}

/** Takes the role of a node that is off from it, as a leader does, and its place, as a sponsor does. */
async function depose(fleet: Fleet, hostname: string): Promise<void> {
  const store = logOf(fleet);
  const nodeId = fleet.machine(hostname).node().nodeId;
  const entry = store.get('assignment', nodeId);
  const sponsor = store.list('assignment').find(({ key, value }) => {
    return key !== nodeId && value.role === 'control-plane';
  });
  if (!entry || !sponsor) throw new RangeError(`${hostname} has no role`);
  const retirement = {
    ...entry.value,
    operationId: `retire-${nodeId}-1`,
    role: 'spare' as const,
    task: 'retire' as const,
    sponsor: sponsor.key,
  };
  await fleet.clock.drive(store.put('assignment', nodeId, retirement, entry.revision));
  const { operationId, incarnation } = retirement;
  const departure = { nodeId, incarnation, operationId, by: sponsor.key, waiting: null };
  await fleet.clock.drive(store.put('departure', nodeId, { ...departure, state: 'done' }, 0));
}

/** Whether a static pod ever ran on the host, or its Node was in the cluster, from now on. */
function witness({ world }: Fleet, hostname: string): () => boolean {
  let served = false;
  world.onRest(() => {
    const pods = world.state.hosts.get(hostname)?.runtime?.pods.size ?? 0;
    const [cluster] = world.state.clusters.values();
    served ||= pods > 0 || cluster?.nodes.has(hostname) === true;
  });
  return () => served;
}

/** A node is switched off, loses its role and its Node, and comes back. */
async function comeBackDeposed(role: Role, believe?: Believe) {
  const fleet = await whole(believe);
  const leader = fleet.leader()?.hostname ?? '';
  const [hostname = ''] = hostsOf(fleet, role).filter((name) => name !== leader);
  fleet.machine(hostname).powerOff();
  await fleet.clock.advance(ONE_MINUTE_MS);
  await depose(fleet, hostname);
  const [cluster] = fleet.world.state.clusters.values();
  cluster?.nodes.delete(hostname);
  const served = witness(fleet, hostname);
  fleet.machine(hostname).boot();
  await fleet.clock.advance(3 * ONE_MINUTE_MS);
  fleet.end();
  return { served: served(), parked: movesTo(fleet, PARKED_FOLDER), hostname };
}

describe('a node that boots', () => {
  test(
    'starts its static pods once the log says that it still is one, also when all boot at once',
    async () => {
      const fleet = await whole();
      const serving = hostsOf(fleet, 'control-plane');
      const all = fleet.machines.map(({ hostname }) => hostname).sort();
      for (const machine of fleet.machines) machine.powerOff();
      await fleet.clock.advance(ONE_MINUTE_MS);
      for (const machine of fleet.machines) machine.boot();
      await fleet.clock.runUntil(() => apiServers(fleet) === 3, SOON_MS);
      fleet.end();
      expect([movesTo(fleet, PARKED_FOLDER), movesTo(fleet, MANIFESTS_FOLDER)]).toEqual([
        all,
        serving,
      ]);
    },
    TIMEOUT_MS,
  );

  test.each<{ readonly role: Role }>([{ role: 'control-plane' }, { role: 'worker' }])(
    'as $role never serves again when it was deposed meanwhile',
    async ({ role }) => {
      const { served, parked, hostname } = await comeBackDeposed(role);
      expect([served, parked]).toEqual([false, [hostname]]);
    },
    TIMEOUT_MS,
  );

  test.each<{ readonly how: string; readonly role: Role; readonly believe: Believe }>([
    {
      how: 'trusts its own copy of the log',
      role: 'control-plane',
      believe: () => ({ synced: true }),
    },
    { how: 'trusts its own copy of the log', role: 'worker', believe: () => ({ synced: true }) },
    {
      how: 'thinks that whoever has etcd data is a control plane',
      role: 'control-plane',
      believe: () => ({ role: 'control-plane' }),
    },
  ])(
    'as $role would be found out if it $how',
    async ({ role, believe }) => {
      expect((await comeBackDeposed(role, believe)).served).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    'starts them without any word of the log after a minute',
    async () => {
      const fleet = await whole();
      const [hostname = ''] = hostsOf(fleet, 'control-plane');
      for (const machine of fleet.machines) machine.powerOff();
      const [cluster] = fleet.world.state.clusters.values();
      cluster?.nodes.delete(hostname);
      const served = witness(fleet, hostname);
      fleet.machine(hostname).boot();
      await fleet.clock.advance(50_000);
      const early = served();
      await fleet.clock.advance(20_000);
      fleet.end();
      expect([early, served()]).toEqual([false, true]);
    },
    TIMEOUT_MS,
  );
});
