import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { readProgress } from '../../../src/machines/operation-progress.ts';
import { started, tokensOf } from '../../support/kubeadm-cluster.ts';
import { createKubeadmNodes, type KubeadmNodes } from '../../support/kubeadm-nodes.ts';
import {
  ask,
  hostOf,
  membersOf,
  nodeAt,
  podOn,
  seeToDeparture,
  serveWithPods,
  stopAll,
  untilThere,
} from '../../support/role-changes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(120_000);

const SEED = 3;
const ONE_MINUTE_MS = 60_000;

let running: KubeadmNodes | undefined;
afterEach(async () => {
  if (running) await stopAll(running);
  running = undefined;
});

async function cluster(count: number, controlPlanes: number): Promise<KubeadmNodes> {
  const made = createKubeadmNodes(SEED);
  running = made;
  await serveWithPods(made, count, controlPlanes);
  return made;
}

function kubeletStart({ world }: KubeadmNodes, host: string) {
  return world.state.hosts.get(host)?.runtime?.kubelet.startedAtMs;
}

function stateOf({ log }: KubeadmNodes, operationId: string) {
  const entry = log.get('operation', operationId);
  return entry && readProgress(entry.value.snapshot)?.state;
}

describe('a worker that is promoted', () => {
  test('serves as control plane with the same kubelet and the same pods, and nothing secret is left', async () => {
    const all = await cluster(3, 2);
    const before = { kubelet: kubeletStart(all, 'n3'), pod: await podOn(all, 3) };
    const operationId = await ask(all, 3, 'promote');
    await untilThere(all, 3);
    await all.clock.advance(ONE_MINUTE_MS);

    expect({ kubelet: kubeletStart(all, 'n3'), pod: await podOn(all, 3) }).toEqual(before);
    expect(membersOf(all)).toEqual(['n1 voter', 'n2 voter', 'n3 voter']);
    expect(started(all, 'kubeadm join phase').filter((host) => host === 'n3')).toHaveLength(5);
    expect([started(all, 'reset'), tokensOf(all), all.log.list('handover')]).toEqual([[], [], []]);
    expect(all.log.get('operation', operationId)?.value.task).toBe('promote');
    expect((await hostOf(all, 3)).manifests).toHaveLength(4);
  });

  const PHASES = [
    'control-plane-prepare/certs',
    'control-plane-prepare/kubeconfig',
    'etcd-join',
    'control-plane-prepare/control-plane',
    'control-plane-join/mark-control-plane',
  ];
  const CUTS = PHASES.flatMap((phase) =>
    (['kept', 'lost'] as const).map((unsynced) => ({ phase, unsynced })),
  );

  test.each(CUTS)(
    'goes on after its power failed at $phase, unsynced files $unsynced, without a reset',
    async ({ phase, unsynced }) => {
      const all = await cluster(3, 2);
      const { world, clock } = all;
      const forget = world.onChange(({ event, host, detail }) => {
        if (event !== 'phase.finished' || host !== 'n3' || !detail.endsWith(` ${phase}`)) return;
        forget();
        void clock.sleep(1).then(async () => {
          world.powerOff('n3', { unsynced });
          await clock.sleep(5_000);
          world.boot('n3');
        });
      });
      await ask(all, 3, 'promote');
      await untilThere(all, 3);
      expect([membersOf(all), started(all, 'reset')]).toEqual([
        ['n1 voter', 'n2 voter', 'n3 voter'],
        [],
      ]);
    },
  );

  test('stays as it is after a phase failed, its pods running, until it is asked for something else', async () => {
    const all = await cluster(3, 2);
    const before = { kubelet: kubeletStart(all, 'n3'), pod: await podOn(all, 3) };
    all.world.failNext('n3', { phase: 'etcd-join', text: 'timed out', when: 'after' });
    const operationId = await ask(all, 3, 'promote');
    await all.clock.advance(10 * ONE_MINUTE_MS);
    const status = all.log.get('status', nodeAt(all, 3).node.nodeId)?.value;
    expect([stateOf(all, operationId), status?.waiting?.reason, started(all, 'reset')]).toEqual([
      'failed',
      'promotion-failed',
      [],
    ]);
    expect({ kubelet: kubeletStart(all, 'n3'), pod: await podOn(all, 3) }).toEqual(before);

    await ask(all, 3, 'retire');
    await seeToDeparture(all, 3);
    await untilThere(all, 3);
    expect([membersOf(all), started(all, 'reset'), tokensOf(all)]).toEqual([
      ['n1 voter', 'n2 voter'],
      ['n3'],
      [],
    ]);
    expect((await hostOf(all, 3)).kubernetes).toEqual(['manifests', 'pki']);
  });
});

describe('a promotion that is withdrawn', () => {
  test('comes to the end of its phase before anything is taken from the host', async () => {
    const all = await cluster(4, 2);
    const { journal } = all.world.state;
    await ask(all, 3, 'promote');
    await all.clock.runUntil(
      () => journal.some(({ host, detail }) => host === 'n3' && detail.endsWith(' etcd-join')),
      ONE_MINUTE_MS,
    );
    await ask(all, 3, 'retire');
    await seeToDeparture(all, 3);
    await untilThere(all, 3);
    const running = journal
      .filter(({ host, event }) => host === 'n3' && /^operation\.(started|ended)$/.test(event))
      .filter(({ detail }) => /^(phase3|reset)/.test(detail))
      .map(({ event, detail }) => `${event} ${detail.split('-')[0]}`);
    expect(running).toEqual([
      'operation.started phase3',
      'operation.ended phase3',
      'operation.started reset',
      'operation.ended reset',
    ]);
    expect((await hostOf(all, 3)).kubernetes).toEqual(['manifests', 'pki']);
  });
});

describe('a control plane that is demoted', () => {
  test('is left alone until the cluster let go of it, and becomes a worker under its pods', async () => {
    const all = await cluster(4, 3);
    const before = await podOn(all, 3);
    await ask(all, 3, 'demote');
    await all.clock.advance(ONE_MINUTE_MS);
    const untouched = await hostOf(all, 3);
    const status = all.log.get('status', nodeAt(all, 3).node.nodeId)?.value;
    await seeToDeparture(all, 3);
    await untilThere(all, 3);

    expect([untouched.manifests?.length, status?.waiting?.reason]).toEqual([4, 'departure']);
    expect(await podOn(all, 3)).toEqual(before);
    expect(await hostOf(all, 3)).toEqual({
      kubernetes: ['civitas.json', 'kubelet.conf', 'manifests', 'pki'],
      manifests: [],
      pki: ['ca.crt'],
      etcd: [],
      cni: ['10-civitas.conflist'],
      pods: [],
      kubelet: true,
    });
    expect([membersOf(all), started(all, 'reset')]).toEqual([['n1 voter', 'n2 voter'], []]);
  });

  test('can be promoted again', async () => {
    const all = await cluster(4, 3);
    await ask(all, 3, 'demote');
    await seeToDeparture(all, 3);
    await untilThere(all, 3);
    const before = await podOn(all, 3);
    await ask(all, 3, 'promote');
    await untilThere(all, 3);
    expect([await podOn(all, 3), membersOf(all)]).toEqual([
      before,
      ['n1 voter', 'n2 voter', 'n3 voter'],
    ]);
  });
});

describe('a node that retires', () => {
  const EMPTY = {
    kubernetes: ['manifests', 'pki'],
    manifests: [],
    pki: [],
    etcd: [],
    cni: [],
    pods: [],
    kubelet: false,
  };

  test.each([
    { what: 'a worker', number: 4 },
    { what: 'a control plane', number: 3 },
  ])(
    '$what is left alone until the cluster let go of it, and is clean then',
    async ({ number }) => {
      const all = await cluster(4, 3);
      await ask(all, number, 'retire');
      await all.clock.advance(ONE_MINUTE_MS);
      expect(started(all, 'reset')).toEqual([]);
      await seeToDeparture(all, number);
      await untilThere(all, number);
      expect(await hostOf(all, number)).toEqual(EMPTY);
      expect(all.log.get('status', nodeAt(all, number).node.nodeId)?.value).toMatchObject({
        phase: 'spare',
        role: 'spare',
        waiting: null,
        kubernetes: { nodeReady: false, podCidr: null, etcdMember: 'none' },
      });
    },
  );

  test('dead and back later does the same, and may join anew', async () => {
    const all = await cluster(4, 3);
    const { node } = nodeAt(all, 4);
    await all.clock.drive(nodeAt(all, 4).stop());
    all.world.powerOff('n4');
    await ask(all, 4, 'retire');
    await seeToDeparture(all, 4);
    all.world.boot('n4');
    nodeAt(all, 4).start();
    await untilThere(all, 4);
    const clean = await hostOf(all, 4);

    await ask(all, 4, 'join-worker');
    await untilThere(all, 4);
    expect([clean, all.log.get('status', node.nodeId)?.value.phase]).toEqual([EMPTY, 'serving']);
  });
});
