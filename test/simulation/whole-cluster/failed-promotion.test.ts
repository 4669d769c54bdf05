import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import { type Fleet, startFleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { untilWhole } from '../../../src/simulation/fleet/until-whole.ts';
import { spec as defaults } from '../../support/controllers-entries.ts';
import { factsOf, startsOf, wholeFacts } from '../../support/fleet-facts.ts';
import { clusterOf, machinesWith } from '../../support/fleet-hands.ts';
import { killFor } from '../../support/fleet-kills.ts';
import { logOf, machineOf } from '../../support/fleet-log.ts';
import { untilTidy } from '../../support/fleet-wait.ts';

const TIMEOUT_MS = 240_000;
const ONE_MINUTE_MS = 60_000;
const DRAIN_SECONDS = 60;
const NONE = 0;
const WEB = { kind: 'Deployment', name: 'web', replicas: 4 } as const;

/** Of a promotion in place, in their order. */
const PHASES = [
  { phase: 'control-plane-prepare/certs', when: 'before' },
  { phase: 'etcd-join', when: 'after' },
  { phase: 'control-plane-join/mark-control-plane', when: 'before' },
] as const;

type Failure = (typeof PHASES)[number];

/** With pods on both of its workers, of which `missing` at a time may be away. */
async function busyFleet(seed: number, missing = 1): Promise<Fleet> {
  const replacement = { ...defaults().replacement, graceSeconds: 10 };
  const upgrade = { ...defaults().upgrade, drainTimeoutSeconds: DRAIN_SECONDS };
  const fleet = startFleet({ nodes: 5, seed, spec: { controlPlanes: 3, replacement, upgrade } });
  await untilWhole(fleet);
  fleet.world.applyWorkload(machinesWith(fleet, 'control-plane')[0]?.hostname ?? '', WEB);
  allow(fleet, missing);
  await untilTidy(fleet);
  await fleet.clock.advance(ONE_MINUTE_MS);
  return fleet;
}

function allow(fleet: Fleet, missing: number): void {
  const [{ hostname } = { hostname: '' }] = machinesWith(fleet, 'control-plane').filter(
    (machine) => machine.agent() !== undefined,
  );
  fleet.world.applyBudget(hostname, {
    namespace: 'default',
    name: 'web',
    selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
    minAvailable: WEB.replicas - missing,
  });
}

/** Takes a control plane away, so that the promotion of the first worker that is asked fails once. */
function failPromotion(fleet: Fleet, failure: Failure): Machine {
  const log = logOf(fleet);
  const stop = log.onChange((kind, key) => {
    if (kind !== 'assignment' || log.get(kind, key)?.value.task !== 'promote') return;
    stop();
    fleet.world.failNext(machineOf(fleet, key).hostname, { ...failure, text: 'simulated failure' });
  });
  const [lost] = machinesWith(fleet, 'control-plane');
  if (!lost) throw new RangeError('nobody is a control plane');
  lost.powerOff();
  return lost;
}

/** Hosts on which a promotion, a reset and a join began, one after the other. */
function begun({ world }: Fleet, sinceMs: number): readonly string[] {
  const journal = world.state.journal.filter(({ atMs }) => atMs > sinceMs);
  return startsOf(journal, /^(phase1-1-promote|reset-\d-retire|kubeadm-1-join-control-plane)-/);
}

function seen(fleet: Fleet, lost?: Machine) {
  const left = fleet.machines.filter((machine) => machine !== lost);
  const pick = ({ members, nodes, tokens, secrets }: ReturnType<typeof factsOf>) => {
    return { members, nodes, tokens, secrets };
  };
  return { is: pick(factsOf(fleet)), should: pick(wholeFacts(fleet, left)) };
}

describe('a worker whose promotion under its pods failed', () => {
  test.each(PHASES)(
    'is drained as its budget allows, reset, and joins anew, and nobody else is tried: $when $phase',
    async (failure) => {
      const fleet = await busyFleet(1);
      const sinceMs = fleet.clock.nowMs();
      const lost = failPromotion(fleet, failure);
      await fleet.clock.advance(ONE_MINUTE_MS);
      await untilWhole(fleet, 10 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();

      const { is, should } = seen(fleet, lost);
      expect(is).toEqual(should);
      const [heir] = begun(fleet, sinceMs);
      expect(begun(fleet, sinceMs)).toEqual([heir, heir, heir]);
      expect(cordoned(fleet)).toEqual([]);
      expect(evictions(fleet)).toBeGreaterThan(0);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'keeps its pods while no budget lets them go, says why, and goes on once one does',
    async () => {
      const fleet = await busyFleet(2, NONE);
      const sinceMs = fleet.clock.nowMs();
      failPromotion(fleet, PHASES[1]);
      await fleet.clock.advance(10 * ONE_MINUTE_MS);
      const [heir = ''] = begun(fleet, sinceMs);
      expect([begun(fleet, sinceMs), cordoned(fleet), evictions(fleet)]).toEqual([[heir], [], 0]);
      const { waiting } = logOf(fleet).list('departure').at(-1)?.value ?? {};
      expect(waiting?.reason).toBe('drain-blocked');

      allow(fleet, 1);
      await untilWhole(fleet, 10 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();
      expect(begun(fleet, sinceMs)).toEqual([heir, heir, heir]);
      expect(cordoned(fleet)).toEqual([]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'leaves its place to another one when it dies, or when the lost one is back, and no cordon stays',
    async () => {
      for (const who of ['heir', 'lost'] as const) {
        const fleet = await busyFleet(3);
        const sinceMs = fleet.clock.nowMs();
        const lost = failPromotion(fleet, PHASES[1]);
        await fleet.clock.runUntil(() => cordoned(fleet).length > 0, 5 * ONE_MINUTE_MS);
        const heir = fleet.machines.find(({ hostname }) => cordoned(fleet).includes(hostname));
        if (who === 'heir') heir?.powerOff();
        else lost.boot();
        await fleet.clock.advance(3 * ONE_MINUTE_MS);
        if (who === 'heir') {
          heir?.boot();
          lost.boot();
        }
        await untilWhole(fleet, 10 * ONE_MINUTE_MS);
        await untilTidy(fleet);
        fleet.end();
        expect(begun(fleet, sinceMs)[0]).toBe(heir?.hostname);
        expect(machinesWith(fleet, 'control-plane')).toHaveLength(3);
        const { is, should } = seen(fleet);
        expect([cordoned(fleet), is]).toEqual([[], should]);
        expect(check(fleet.recorder.trace())).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'comes to its end although leaders and sponsors die',
    async () => {
      const fleet = await busyFleet(4);
      const lost = failPromotion(fleet, PHASES[1]);
      const left = fleet.machines.filter((machine) => machine !== lost);
      await fleet.clock.advance(ONE_MINUTE_MS);
      for (let turn = 0; turn < 20; turn += 1) {
        const machine = left[turn % left.length];
        await fleet.clock.advance(4_000);
        if (machine) void killFor(fleet, machine, 500);
      }
      await untilWhole(fleet, 10 * ONE_MINUTE_MS);
      await untilTidy(fleet);
      fleet.end();
      const { is, should } = seen(fleet, lost);
      expect([is, cordoned(fleet)]).toEqual([should, []]);
      expect(check(fleet.recorder.trace())).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

function cordoned(fleet: Fleet): readonly string[] {
  const nodes = [...clusterOf(fleet).nodes.values()];
  return nodes.filter(({ unschedulable }) => unschedulable).map(({ name }) => name);
}

function evictions({ recorder }: Fleet): number {
  return recorder.trace().entries.filter(({ type }) => type === 'pod.evicted').length;
}
