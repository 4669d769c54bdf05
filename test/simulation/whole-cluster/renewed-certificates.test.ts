import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { isDue } from '../../../src/state/leaf-life.ts';
import { factsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { logOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 600_000;
/** Three quarters of a year: past two thirds of all leaves. */
const NINE_MONTHS_MS = 270 * 86_400_000;

function apiServers({ world }: Fleet): number {
  return [...world.state.hosts.values()].filter(({ runtime }) => runtime?.apiServerReady).length;
}

/** Hosts in the order in which something of their renewal happened, without repetition. */
function renewingHosts({ world }: Fleet): readonly string[] {
  const hosts = world.state.journal
    .filter(({ event, detail }) => event === 'pod.terminated' || /certs renew all/.test(detail))
    .map(({ host }) => host);
  return hosts.filter((host, index) => host !== hosts[index - 1]);
}

describe('certificates past two thirds of their life', () => {
  test(
    'are renewed one control plane after the other, while the API answers',
    async () => {
      const fleet = startFleet({ nodes: 5, seed: 3, spec: { controlPlanes: 3 } });
      const { clock, machines, world } = fleet;
      await untilWhole(fleet);
      await untilTidy(fleet);
      for (const machine of machines) machine.powerOff();
      await clock.advance(NINE_MONTHS_MS);
      for (const machine of machines) machine.boot();
      await clock.runUntil(() => apiServers(fleet) === 3, ONE_MINUTE_MS);
      let fewest = 3;
      world.onRest(() => {
        fewest = Math.min(fewest, apiServers(fleet));
      });
      await clock.advance(TEN_MINUTES_MS);
      await untilTidy(fleet);
      fleet.end();

      const log = logOf(fleet);
      const due = log
        .list('certificates')
        .flatMap(({ value }) => value.leaves.filter((leaf) => isDue(leaf, clock.wallMs())));
      expect([due, log.list('order')]).toEqual([[], []]);
      const hosts = renewingHosts(fleet);
      expect([hosts.length, new Set(hosts).size, fewest]).toEqual([3, 3, 2]);
      expect(factsOf(fleet)).toEqual(wholeFacts(fleet));
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
