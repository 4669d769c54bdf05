import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import type { JournalEntry } from '../../../src/simulation/world-state.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 120_000;
const TEN_MINUTES_MS = 600_000;
const { replacement } = clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' });

async function wholeFleet(seed: number): Promise<Fleet> {
  const impatient = { ...replacement, graceSeconds: 10 };
  const fleet = startFleet({ nodes: 6, seed, spec: { controlPlanes: 3, replacement: impatient } });
  await untilWhole(fleet);
  await untilTidy(fleet);
  return fleet;
}

/** One without a replica of the log, if there is one: with the heir's gone too, two of three must stay. */
function controlPlaneToLose(fleet: Fleet): Machine {
  const planes = fleet.machines.filter((machine) => {
    return logOf(fleet).get('assignment', machine.node().nodeId)?.value.role === 'control-plane';
  });
  const holdsNone = ({ hostname }: Machine) =>
    fleet.logs.newest()?.replicasOn([hostname]).length === 0;
  const lost = planes.find(holdsNone) ?? planes[0];
  if (!lost) throw new RangeError('nobody is a control plane');
  return lost;
}

/** Resolves to the machine that loses its power for good at the first such change. */
function losePowerAt(fleet: Fleet, isTheMoment: (entry: JournalEntry) => boolean) {
  const { promise, resolve } = Promise.withResolvers<Machine>();
  const stop = fleet.world.onChange((entry) => {
    if (!isTheMoment(entry)) return;
    stop();
    const machine = fleet.machine(entry.host);
    void fleet.clock.sleep(1).then(() => {
      machine.powerOff();
      resolve(machine);
    });
  });
  return promise;
}

const MOMENTS = [
  {
    when: 'as its certificates are made',
    event: 'phase.started',
    detail: / control-plane-prepare\/certs$/,
  },
  { when: 'as a learner of etcd', event: 'member.added', detail: /./ },
  { when: 'as a voter of etcd', event: 'phase.finished', detail: / etcd-join$/ },
] as const;

describe('a worker that dies for good while it is promoted', () => {
  test.each(MOMENTS.map((moment, index) => ({ ...moment, seed: index + 1 })))(
    'leaves nothing behind, and the next one takes the place: $when',
    async ({ event, detail, seed }) => {
      const fleet = await wholeFleet(seed);
      const lost = controlPlaneToLose(fleet);
      const dying = losePowerAt(
        fleet,
        (entry) => entry.event === event && detail.test(entry.detail),
      );
      lost.powerOff();
      const heir = await fleet.clock.drive(dying, TEN_MINUTES_MS);
      await fleet.clock.advance(60_000);
      await untilWhole(fleet, TEN_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();

      const left = fleet.machines.filter((machine) => machine !== lost && machine !== heir);
      const { members, nodes, clusters, tokens } = factsOf(fleet);
      const whole = wholeFacts(fleet, left);
      expect({ members, nodes, clusters, tokens }).toEqual({
        members: whole.members,
        nodes: whole.nodes,
        clusters: 1,
        tokens: [],
      });
      expect(members).toHaveLength(3);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
