import { expect, jest, test } from '@jest/globals';
import { check } from '../../../src/simulation/checker/check.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import type { Machine } from '../../../src/simulation/fleet/machine.ts';
import { fileOn, machinesWith } from '../../support/fleet-hands.ts';
import { logOf } from '../../support/fleet-log.ts';
import {
  fleetOf,
  rolloutsIn,
  runningIn,
  say,
  toldReleases,
  until,
  untilRolledOut,
  wantLast,
} from '../../support/fleet-upgrades.ts';

jest.setTimeout(240_000);

const RELEASES = ['v1.34.3', 'v1.34.4'];
const [OLD = '', NEW = ''] = RELEASES;
const ATTEMPTS = 3;
const TEN_MINUTES_MS = 600_000;
const FILES = [
  '/etc/kubernetes/manifests/etcd.yaml',
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/var/lib/kubelet/config.yaml',
];

function filesOf(fleet: Fleet, machine: Machine): readonly (string | undefined)[] {
  return FILES.map((path) => fileOn(fleet, machine, path));
}

function releasesOf(fleet: Fleet, machine: Machine): readonly (string | null | undefined)[] {
  const parts = logOf(fleet).get('upkeep', machine.node().nodeId)?.value.parts;
  return [parts?.apiServer, parts?.kubelet];
}

interface Failing {
  readonly what: string;
  readonly role: 'control-plane' | 'worker';
  /** What the leader says of it. */
  readonly cause: string;
  /** Releases of its API server and its kubelet afterwards. */
  readonly left: readonly (string | null)[];
  breakIt(fleet: Fleet, hostname: string): void;
  mendIt(fleet: Fleet, hostname: string): void;
}

const FAILING: readonly Failing[] = [
  {
    what: 'control plane where kubeadm fails three times',
    role: 'control-plane',
    cause: 'failed to upgrade control plane: .*no room',
    left: [OLD, OLD],
    breakIt({ world }, hostname) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        world.failNext(hostname, { phase: 'kubelet-config', text: 'no room', when: 'after' });
      }
    },
    mendIt: () => undefined,
  },
  {
    what: 'control plane whose API server does not start',
    role: 'control-plane',
    cause: 'failed to upgrade control plane: its servers of v1.34.4 did not start',
    left: [OLD, OLD],
    breakIt: ({ world }, hostname) => world.breakPart(hostname, `kube-apiserver ${NEW}`),
    mendIt: ({ world }, hostname) => world.mendPart(hostname, `kube-apiserver ${NEW}`),
  },
  {
    what: 'worker whose kubelet does not start',
    role: 'worker',
    cause: 'failed to upgrade kubelet: v1.34.4 did not come up',
    left: [null, OLD],
    breakIt: ({ world }, hostname) => world.breakPart(hostname, `kubelet ${NEW}`),
    mendIt: ({ world }, hostname) => world.mendPart(hostname, `kubelet ${NEW}`),
  },
];

test.each(FAILING)(
  'is put back and serves, and the rest waits for a word of people: a $what',
  async ({ role, cause, left, breakIt, mendIt }) => {
    const fleet = await fleetOf({ nodes: 5, seed: 6, releases: RELEASES });
    const machine = machinesWith(fleet, role)[1];
    if (!machine) throw new RangeError(`nobody is a second ${role}`);
    const { hostname } = machine;
    const before = filesOf(fleet, machine);
    breakIt(fleet, hostname);
    await wantLast(fleet, RELEASES);
    await until(fleet, () => rolloutsIn(fleet)[0]?.state === 'paused');
    const waiting = rolloutsIn(fleet)[0]?.waiting?.message;
    expect(waiting).toMatch(new RegExp(`^${hostname} ${cause}`));
    expect(waiting).toContain('`civitas resume upgrade-v1-34-4-');
    await fleet.clock.advance(TEN_MINUTES_MS);
    expect(filesOf(fleet, machine)).toEqual(before);
    expect(releasesOf(fleet, machine)).toEqual(left);
    expect(runningIn(fleet)).toMatchObject({ cordoned: [], notReady: [] });
    expect(logOf(fleet).list('order')).toEqual([]);
    expect(toldReleases(fleet).toSorted()).toEqual([OLD, NEW]);

    mendIt(fleet, hostname);
    await say(fleet, 'resume');
    await untilRolledOut(fleet);
    fleet.end();
    expect(rolloutsIn(fleet).map(({ state }) => state)).toEqual(['done']);
    expect(runningIn(fleet)).toEqual({ releases: [NEW], cordoned: [], notReady: [] });
    expect(check(fleet.recorder.trace())).toEqual([]);
  },
);
