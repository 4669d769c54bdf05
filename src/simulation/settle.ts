import { runApiServers } from './rules/api-servers.ts';
import { runControllerManagers } from './rules/controller-managers.ts';
import { runEtcd } from './rules/etcd-processes.ts';
import { rotateKubeletCertificates } from './rules/kubelet-certificates.ts';
import { startKubelets } from './rules/kubelets.ts';
import { electLeaders } from './rules/leader-elections.ts';
import { mountLocalVolumes } from './rules/local-volumes.ts';
import { showStaticPods } from './rules/mirror-pods.ts';
import { reportNodes } from './rules/node-reports.ts';
import { runPodControllers } from './rules/pod-controllers.ts';
import { runPods } from './rules/pod-kubelets.ts';
import { schedulePods } from './rules/schedulers.ts';
import { runStaticPods } from './rules/static-pods.ts';
import { bootstrapKubelets } from './rules/tls-bootstrap.ts';
import { attachVolumes } from './rules/volumes.ts';
import type { WorldState } from './world-state.ts';

/** What runs by itself on simulated hosts, in the order in which one makes the next possible. */
const RULES: readonly ((world: WorldState) => void)[] = [
  startKubelets,
  runStaticPods,
  runEtcd,
  electLeaders,
  runApiServers,
  runControllerManagers,
  bootstrapKubelets,
  rotateKubeletCertificates,
  reportNodes,
  runPodControllers,
  schedulePods,
  runPods,
  mountLocalVolumes,
  showStaticPods,
  attachVolumes,
];

const MOST_ROUNDS = 50;
/** Timers of real clocks end at 2^31 ms. */
const LONGEST_SLEEP_MS = 20 * 86_400_000;

/**
 * Lets all simulated processes react to what changed, until none has anything to do now, and sees to
 * it that they are asked again when a delay of theirs is over. To be called after every change.
 */
export function settle(world: WorldState): void {
  world.heard = undefined;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = world.changes;
    world.nextDueMs = Number.POSITIVE_INFINITY;
    for (const rule of RULES) rule(world);
    if (world.changes === before) {
      wakeAtExpiries(world);
      setAlarm(world);
      for (const look of world.onlookers) look();
      return;
    }
  }
  throw new Error(`simulation: the world does not come to rest within ${MOST_ROUNDS} rounds`);
}

/** On the clock of each host. */
function wakeAtExpiries(world: WorldState): void {
  const { expiriesWallMs, clock, hosts } = world;
  const offsetsMs = new Set([0, ...[...hosts.values()].map(({ wallOffsetMs }) => wallOffsetMs)]);
  for (const wallMs of expiriesWallMs) {
    const inMs = [...offsetsMs]
      .map((offsetMs) => wallMs - offsetMs - clock.wallMs())
      .filter((ms) => ms > 0);
    if (inMs.length === 0) expiriesWallMs.delete(wallMs);
    else world.nextDueMs = Math.min(world.nextDueMs, clock.nowMs() + Math.min(...inMs));
  }
}

function setAlarm(world: WorldState): void {
  const dueMs = Math.min(world.nextDueMs, world.clock.nowMs() + LONGEST_SLEEP_MS);
  if (world.nextDueMs === Number.POSITIVE_INFINITY) return;
  if (dueMs >= world.alarmMs) return;
  world.alarmMs = dueMs;
  void world.clock.sleep(dueMs - world.clock.nowMs()).then(() => {
    if (world.alarmMs === dueMs) world.alarmMs = Number.POSITIVE_INFINITY;
    settle(world);
  });
}
