import { expect, jest, test } from '@jest/globals';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { SimulatedObject } from '../../../src/simulation/simulated-cluster.ts';
import { clusterOf, machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import {
  fleetOf,
  runningIn,
  until,
  untilRolledOut,
  wantLast,
} from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

const RELEASES = ['v1.34.3', 'v1.34.4'];
const WEB = { kind: 'Deployment', name: 'web', replicas: 3 } as const;

function budget(fleet: Fleet, minAvailable: number): void {
  const [first] = machinesWith(fleet, 'control-plane');
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const named = { namespace: 'default', name: 'web', selector, minAvailable };
  fleet.world.applyBudget(first?.hostname ?? '', named);
}

function readyWeb(fleet: Fleet): number {
  const pods = [...clusterOf(fleet).pods.values()];
  return pods.filter(({ labels, ready }) => ready && labels['app'] === 'web').length;
}

function outdated(fleet: Fleet): readonly string[] {
  const nodes = [...clusterOf(fleet).nodes.values()];
  const marked = nodes.filter(({ taints }) =>
    taints.some(({ key }) => key === 'civitas.dev/outdated'),
  );
  return marked.map(({ name }) => name);
}

function failedFindings(fleet: Fleet): readonly string[] {
  const surveys = logOf(fleet).list('survey');
  const findings = surveys.flatMap(({ value }) => value.findings);
  return findings.flatMap(({ name, passed }) => (passed ? [] : [name]));
}

test('a budget that lets no pod go is named before any node is touched, and once cured none is broken', async () => {
  const fleet = await fleetOf({ nodes: 5, seed: 3, releases: RELEASES });
  fleet.world.applyWorkload(machinesWith(fleet, 'control-plane')[0]?.hostname ?? '', WEB);
  budget(fleet, 3);
  await fleet.clock.advance(30_000);
  const from = fleet.world.state.journal.length;
  const happened = (event: string) =>
    fleet.world.state.journal.slice(from).some((each) => each.event === event);

  await wantLast(fleet, RELEASES);
  await until(fleet, () => failedFindings(fleet).length > 0);
  await fleet.clock.advance(120_000);
  expect(failedFindings(fleet)).toEqual(['disruption-budgets']);
  expect(logOf(fleet).list('progress')[0]?.value.waiting?.message).toContain(
    'PodDisruptionBudget default/web wants 3 of 3 pods healthy',
  );
  expect(happened('node.cordoned')).toBe(false);
  expect(runningIn(fleet).releases).toEqual(['v1.34.3']);

  budget(fleet, 2);
  const marked: number[] = [];
  const ready: number[] = [];
  fleet.world.onChange(() => {
    marked.push(outdated(fleet).length);
    ready.push(readyWeb(fleet));
  });
  await untilRolledOut(fleet);
  await fleet.clock.advance(30_000);
  expect(runningIn(fleet)).toEqual({ releases: ['v1.34.4'], cordoned: [], notReady: [] });
  expect([happened('pod.evicted'), Math.min(...ready) >= 2]).toEqual([true, true]);
  expect({ most: Math.max(...marked), left: outdated(fleet) }).toEqual({ most: 2, left: [] });
  fleet.end();
});

test('an object that somebody writes by an API that the release does not have is named before any node is touched', async () => {
  const minors = ['v1.34.4', 'v1.35.1'];
  const fleet = await fleetOf({ nodes: 3, seed: 5, releases: minors });
  const { stored } = clusterOf(fleet);
  const writtenAs = (version: string): SimulatedObject => {
    const writers = [{ manager: 'helm', apiVersion: `storage.k8s.io/${version}`, wroteWallMs: 0 }];
    const object = { namespace: null, name: 'gold', writers, appliedApiVersion: null };
    return {
      group: 'storage.k8s.io',
      resource: 'volumeattributesclasses',
      served: ['v1'],
      object,
    };
  };
  stored.push(writtenAs('v1alpha1'));
  await wantLast(fleet, minors);
  await until(fleet, () => failedFindings(fleet).length > 0);
  await fleet.clock.advance(60_000);
  expect(failedFindings(fleet)).toEqual(['stored-objects']);
  expect(logOf(fleet).list('progress')[0]?.value.waiting?.message).toContain(
    'VolumeAttributesClass gold (by helm) was last written as storage.k8s.io/v1alpha1',
  );
  expect(runningIn(fleet)).toEqual({ releases: ['v1.34.4'], cordoned: [], notReady: [] });

  stored.splice(0, 1, writtenAs('v1'));
  await untilRolledOut(fleet);
  expect(runningIn(fleet)).toEqual({ releases: ['v1.35.1'], cordoned: [], notReady: [] });
  fleet.end();
});
