import { describe, expect, jest, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type { Sight } from '../../../src/controllers/host-upkeep/observed.ts';
import type { HostPorts } from '../../../src/ports/index.ts';
import type { OrderTask } from '../../../src/state/order.ts';
import {
  isOver,
  NEW,
  OLD,
  partsOf,
  type UpkeepAgentOptions,
  type UpkeepBench,
  upkeepBench,
  workOn,
} from '../../support/upkeep-bench.ts';

jest.setTimeout(240_000);

const ONE_HOUR_MS = 3_600_000;
const ATTEMPTS = 3;
const KUBELET_FILES = ['/var/lib/kubelet/config.yaml', '/var/lib/kubelet/kubeadm-flags.env'];
const MANIFESTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
  (name) => `/etc/kubernetes/manifests/${name}.yaml`,
);

async function filesOf({ bench }: UpkeepBench, number: number, paths: readonly string[]) {
  const { files } = bench.host(number - 1).ports;
  return Promise.all(paths.map((path) => files.read(path)));
}

async function carryOut(
  upkeep: UpkeepBench,
  number: number,
  options: UpkeepAgentOptions = {},
): Promise<void> {
  await upkeep.agent(number, options).work(() => isOver(upkeep, number), ONE_HOUR_MS);
}

async function ready(upkeep: UpkeepBench, number: number) {
  const node = await upkeep.bench.host(0).ports.kube.ownNode(`n${number}`);
  return { ready: node?.ready, kubelet: node?.kubeletVersion };
}

async function withControlPlane(upkeep: UpkeepBench): Promise<void> {
  await upkeep.order(1, 'upgrade-control-plane', { first: true });
  await carryOut(upkeep, 1);
}

/** The kubelet of the release never becomes Ready, whatever else it does. */
function unready({ kube }: HostPorts): Partial<HostPorts> {
  return {
    kube: {
      ...kube,
      async ownNode(name) {
        const node = await kube.ownNode(name);
        return node && { ...node, ready: node.kubeletVersion === OLD };
      },
    },
  };
}

/** The API server of the release says all the time that it has yet to start. */
function starting({ kube }: HostPorts): Partial<HostPorts> {
  return {
    kube: {
      ...kube,
      async localApiServerReady() {
        return (await kube.localApiServerVersion()) === OLD;
      },
    },
  };
}

describe('an upgrade of a control plane that fails', () => {
  test('in kubeadm, three times, leaves the host as it was and says why', async () => {
    const upkeep = await upkeepBench(2, 1);
    const before = await filesOf(upkeep, 1, [...MANIFESTS, ...KUBELET_FILES]);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      upkeep.bench.world.failNext('n1', {
        phase: 'kubelet-config',
        text: 'no room',
        when: 'after',
      });
    }
    await upkeep.order(1, 'upgrade-control-plane', { first: true });
    await carryOut(upkeep, 1);

    const after = await filesOf(upkeep, 1, [...MANIFESTS, ...KUBELET_FILES]);
    const [etcdBefore, ...restBefore] = before;
    const [etcdAfter, ...restAfter] = after;
    expect(restAfter).toEqual(restBefore);
    // One that is newer by a minor stays: an older etcd can not read what it wrote.
    expect([etcdBefore, etcdAfter].map((each) => each?.match(/etcd:(\S+)/)?.[1])).toEqual([
      '3.5.24-0',
      '3.6.5-0',
    ]);
    expect(workOn(upkeep, 1)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('no room'),
    });
    expect(partsOf(upkeep, 1)).toMatchObject({ apiServer: OLD, scheduler: OLD, etcd: '3.6.5' });
    expect(await upkeep.bench.host(0).ports.kube.localApiServerVersion()).toBe(OLD);
  });

  test('once in kubeadm is tried again, and done', async () => {
    const upkeep = await upkeepBench(2, 1);
    upkeep.bench.world.failNext('n1', { phase: 'control-plane', text: 'timed out' });
    await upkeep.order(1, 'upgrade-control-plane', { first: true });
    await carryOut(upkeep, 1);
    expect([workOn(upkeep, 1)?.state, partsOf(upkeep, 1)?.apiServer]).toEqual(['done', NEW]);
  });

  test('as its API server does not come up is put back', async () => {
    const upkeep = await upkeepBench(3, 2);
    await upkeep.order(2, 'upgrade-control-plane', { first: true });
    await carryOut(upkeep, 2, { alter: starting });
    expect(workOn(upkeep, 2)).toMatchObject({
      state: 'failed',
      reason: `its servers of ${NEW} did not start within two minutes: its API server does not answer /readyz`,
    });
    expect(await upkeep.bench.host(1).ports.kube.localApiServerVersion()).toBe(OLD);
  });
});

test('an agent that goes by how kubeadm ended is found out', async () => {
  const upkeep = await upkeepBench(3, 2);
  await upkeep.order(2, 'upgrade-control-plane', { first: true });
  await carryOut(upkeep, 2, {
    alter: starting,
    replace: (controller) => ({
      ...controller,
      decide: (observed) =>
        decide({ ...observed, ...(observed.sight && { sight: trusting(observed.sight) }) }),
    }),
  });
  expect([
    workOn(upkeep, 2)?.state,
    await starting(upkeep.bench.host(1).ports).kube?.localApiServerReady(),
  ]).toEqual(['done', false]);
});

function trusting(sight: Sight): Sight {
  return { ...sight, trouble: null, goodLooks: 10 };
}

describe('an upgrade of a kubelet that fails', () => {
  test.each<{ readonly what: string; readonly number: number }>([
    { what: 'of a worker', number: 2 },
    { what: 'of a control plane', number: 1 },
  ])('$what brings the former programs and files back', async ({ number }) => {
    const upkeep = await upkeepBench(2, 1);
    await withControlPlane(upkeep);
    const before = await filesOf(upkeep, number, KUBELET_FILES);
    const task: OrderTask = 'upgrade-kubelet';
    await upkeep.order(number, task, { operationId: 'kubelet-1' });
    await carryOut(upkeep, number, { alter: unready });
    await upkeep.bench.clock.advance(60_000);

    expect(workOn(upkeep, number)).toMatchObject({
      state: 'failed',
      reason: `${NEW} did not come up within five minutes: its Node is not Ready`,
    });
    expect(await ready(upkeep, number)).toEqual({ ready: true, kubelet: OLD });
    expect(await filesOf(upkeep, number, KUBELET_FILES)).toEqual(before);
    expect(partsOf(upkeep, number)?.kubelet).toBe(OLD);
  });

  test('may be tried again under another operation', async () => {
    const upkeep = await upkeepBench(2, 1);
    await withControlPlane(upkeep);
    await upkeep.order(2, 'upgrade-kubelet', { operationId: 'kubelet-1' });
    await carryOut(upkeep, 2, { alter: unready });
    await upkeep.order(2, 'upgrade-kubelet', { operationId: 'kubelet-2' });
    await carryOut(upkeep, 2);
    expect([workOn(upkeep, 2)?.state, partsOf(upkeep, 2)?.kubelet]).toEqual(['done', NEW]);
  });
});
