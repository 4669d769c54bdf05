import { runApiServers } from './rules/api-servers.ts';
import { runControllerManagers } from './rules/controller-managers.ts';
import { runEtcd } from './rules/etcd-processes.ts';
import { startKubelets } from './rules/kubelets.ts';
import { electLeaders } from './rules/leader-elections.ts';
import { reportNodes } from './rules/node-reports.ts';
import { runStaticPods } from './rules/static-pods.ts';
import { bootstrapKubelets } from './rules/tls-bootstrap.ts';
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
  reportNodes,
];

const MOST_ROUNDS = 50;

/**
 * Lets all simulated processes react to what changed, until none has anything to do now, and sees to
 * it that they are asked again when a delay of theirs is over. To be called after every change.
 */
export function settle(world: WorldState): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = world.changes;
    world.nextDueMs = Number.POSITIVE_INFINITY;
    for (const rule of RULES) rule(world);
    if (world.changes === before) {
      setAlarm(world);
      return;
    }
  }
  throw new Error(`simulation: the world does not come to rest within ${MOST_ROUNDS} rounds`);
}

function setAlarm(world: WorldState): void {
  const dueMs = world.nextDueMs;
  if (dueMs >= world.alarmMs) return;
  world.alarmMs = dueMs;
  void world.clock.sleep(dueMs - world.clock.nowMs()).then(() => {
    if (world.alarmMs === dueMs) world.alarmMs = Number.POSITIVE_INFINITY;
    settle(world);
  });
}
