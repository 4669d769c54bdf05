import { expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import {
  buildOf,
  bundleContent,
  imagesOfRelease,
  imagesOn,
  programContent,
} from '../../../src/simulation/release-files.ts';
import { simulatedDigest } from '../../../src/simulation/simulated-digest.ts';
import { hostNamed } from '../../../src/simulation/world-state.ts';
import type { BundleManifest } from '../../../src/state/bundle.ts';
import { RELEASE_PROGRAMS } from '../../../src/state/release-programs.ts';
import { machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import { editSpec } from '../../support/fleet-orders.ts';
import { tell } from '../../support/fleet-people.ts';
import { fleetOf, runningIn, until, untilRolledOut } from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

const OLD = 'v1.34.3';
const NEW = 'v1.34.4';
const ARCHIVE = 'all images of the release';
const TEN_MINUTES_MS = 600_000;
const CONTENTS = [...RELEASE_PROGRAMS.map((name) => programContent(NEW, name)), ARCHIVE];

function manifest(): BundleManifest {
  const programs = RELEASE_PROGRAMS.map((name) => {
    const content = programContent(NEW, name);
    return { type: 'program' as const, name, ...sumOf(content) };
  });
  const images = [...imagesOfRelease(NEW)];
  const archive = { type: 'images' as const, name: 'images.tar', ...sumOf(ARCHIVE), images };
  return { bundle: 1, ...buildOf(NEW), files: [...programs, archive] };
}

function sumOf(content: string) {
  return { bytes: content.length, sha256: simulatedDigest(content) };
}

/** Names of the machines that could give the whole bundle to others. */
function givers(fleet: Fleet): readonly string[] {
  const has = ({ hostname }: Machine) => {
    const { disk } = hostNamed(fleet.world.state, hostname);
    return CONTENTS.every((each) => bundleContent(disk, simulatedDigest(each)) !== undefined);
  };
  return fleet.machines.filter(has).map(({ hostname }) => hostname);
}

function withImages({ world, machines }: Fleet): readonly string[] {
  const has = ({ hostname }: Machine) => {
    const there = imagesOn(hostNamed(world.state, hostname));
    return imagesOfRelease(NEW).every((image) => there.includes(image));
  };
  return machines.filter(has).map(({ hostname }) => hostname);
}

function phaseOf(fleet: Fleet, machine: Machine): string | undefined {
  return logOf(fleet).get('status', machine.node().nodeId)?.value.phase;
}

test('images of a release come from a bundle that people load once no registry had them', async () => {
  const fleet = await fleetOf({ nodes: 4, seed: 9, releases: [OLD] });
  const [given] = machinesWith(fleet, 'worker');
  if (!given) throw new RangeError('there is no worker');
  for (const content of CONTENTS) fleet.world.putBundleFile(given.hostname, content);
  const programs = manifest().files.filter(({ type }) => type === 'program');
  await tell(fleet, given, '/v1/bundle', { ...manifest(), files: programs });
  for (const { hostname } of fleet.machines) fleet.world.breakPart(hostname, 'registries');
  await editSpec(fleet, { kubernetesVersion: NEW });
  await fleet.clock.advance(TEN_MINUTES_MS);
  expect(runningIn(fleet)).toEqual({ releases: [OLD], cordoned: [], notReady: [] });

  await tell(fleet, given, '/v1/bundle', manifest());
  await untilRolledOut(fleet);
  expect(runningIn(fleet)).toEqual({ releases: [NEW], cordoned: [], notReady: [] });
  fleet.end();
  expect(check(fleet.recorder.trace())).toEqual([]);
});

test('a release that no machine has comes to all of them from the one that people give a bundle to', async () => {
  const fleet = await fleetOf({ nodes: 5, seed: 8, releases: [OLD] });
  await editSpec(fleet, { kubernetesVersion: NEW });
  const told = () =>
    logOf(fleet)
      .list('upkeep')
      .flatMap(({ value }) => value.work?.waiting?.message ?? []);
  await until(fleet, () => told().length === fleet.machines.length);
  await fleet.clock.advance(TEN_MINUTES_MS);
  for (const message of told()) expect(message).toContain('`civitas bundle load`');
  expect(runningIn(fleet)).toEqual({ releases: [OLD], cordoned: [], notReady: [] });

  const [given] = machinesWith(fleet, 'worker');
  if (!given) throw new RangeError('there is no worker');
  for (const content of CONTENTS) fleet.world.putBundleFile(given.hostname, content);
  await tell(fleet, given, '/v1/bundle', manifest());
  await untilRolledOut(fleet);
  const everybody = fleet.machines.map(({ hostname }) => hostname);
  expect(givers(fleet)).toEqual(everybody);
  expect(withImages(fleet)).toEqual(everybody);
  expect(runningIn(fleet)).toEqual({ releases: [NEW], cordoned: [], notReady: [] });

  given.powerOff();
  const newcomer = fleet.addMachine();
  await until(fleet, () => phaseOf(fleet, newcomer) === 'serving');
  expect(givers(fleet)).toEqual([...everybody, newcomer.hostname]);
  expect(runningIn(fleet)).toMatchObject({ releases: [NEW] });
  fleet.end();
  expect(check(fleet.recorder.trace())).toEqual([]);
});
