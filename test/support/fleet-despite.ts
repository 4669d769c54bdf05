import type { Fault } from '../../src/simulation/faults/fault.ts';
import { schedule } from '../../src/simulation/faults/schedule.ts';
import { type Fleet, startFleet } from '../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../src/simulation/fleet/until-whole.ts';
import { factsOf, wholeFacts } from './fleet-facts.ts';
import type { createTimes } from './fleet-times.ts';
import { untilTidy } from './fleet-wait.ts';

interface Run {
  readonly nodes: number;
  readonly seed: number;
  /** What happens while the cluster forms; all of it comes to an end. */
  readonly faults: readonly Fault[];
  /** How long after the last of them the cluster may take to be whole. */
  readonly limitMs: number;
}

/** What became of machines despite these faults, and what should have become of them. */
export async function factsDespite(run: Run, times: ReturnType<typeof createTimes>) {
  const { nodes, seed, faults, limitMs } = run;
  const fleet = startFleet({ nodes, seed, spec: { controlPlanes: nodes < 3 ? 1 : 3 } });
  const deleted = witnessDeletedNodes(fleet);
  await times.measure(`nodes ${nodes}, seed ${seed}`, async () => {
    await fleet.clock.drive(schedule(fleet, faults));
    await untilWhole(fleet, limitMs);
    return fleet.clock.nowMs();
  });
  await untilTidy(fleet);
  fleet.end();
  return { facts: { ...factsOf(fleet), deleted }, whole: { ...wholeFacts(fleet), deleted: [] } };
}

/** Node objects that were deleted although their kubelet ran: it would never register again. */
function witnessDeletedNodes({ world }: Fleet): readonly string[] {
  const living: string[] = [];
  world.onChange(({ event, host, detail }) => {
    const runs = world.state.hosts.get(detail)?.runtime?.kubelet.running;
    if (event === 'node.deleted' && runs) living.push(`${detail} by ${host}`);
  });
  return living;
}
