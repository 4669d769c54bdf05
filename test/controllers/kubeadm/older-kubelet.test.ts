import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Assignment } from '../../../src/state/assignment.ts';
import { createKubeadmNodes, type KubeadmNodes } from '../../support/kubeadm-nodes.ts';
import { nodeAt, serveWithPods, stopAll, untilThere } from '../../support/role-changes.ts';

/** Much virtual time, on a machine that may have other things to do. */
jest.setTimeout(120_000);

const OLD = 'v1.33.13';
const NEW = 'v1.34.4';

let running: KubeadmNodes | undefined;
afterEach(async () => {
  if (running) await stopAll(running);
  running = undefined;
});

async function joinWith(role: 'worker' | 'control-plane', kubeletVersion: string) {
  const all = createKubeadmNodes(5);
  running = all;
  await serveWithPods(all, 1, 1);
  const added = await all.addNode({ kubernetesVersions: [NEW, OLD] });
  added.start();
  const { nodeId, incarnation } = added.node;
  const task = `join-${role}` as const;
  const assignment: Assignment = {
    nodeId,
    incarnation,
    term: 1,
    operationId: `${task}-${nodeId}-1`,
    role,
    task,
    sponsor: nodeAt(all, 1).node.nodeId,
    kubernetesVersion: NEW,
    kubeletVersion,
  };
  await all.log.put('assignment', nodeId, assignment, 0);
  await untilThere(all, 2);
  const { state } = all.world;
  const join = state.journal.find(
    ({ host, event, detail }) =>
      host === 'n2' && event === 'operation.started' && detail.includes('kubeadm join'),
  );
  const node = (await all.clock.drive(nodeAt(all, 1).ports.kube.nodes())).find(
    ({ name }) => name === 'n2',
  );
  return {
    program: join?.detail.match(/: (\S+) join/)?.[1],
    kubelet: node?.kubeletVersion,
    apiServer: await nodeAt(all, 2).ports.kube.localApiServerVersion(),
  };
}

describe('a node that joins while a rollout has not come to the kubelets', () => {
  test('as a worker uses kubeadm of the release by its path, and keeps the older kubelet', async () => {
    expect(await joinWith('worker', OLD)).toEqual({
      program: '/opt/civitas/kubernetes/1.34.4/kubeadm',
      kubelet: OLD,
      apiServer: undefined,
    });
  });

  test('as a control plane runs that of the release under the older kubelet', async () => {
    expect(await joinWith('control-plane', OLD)).toEqual({
      program: '/opt/civitas/kubernetes/1.34.4/kubeadm',
      kubelet: OLD,
      apiServer: NEW,
    });
  });

  test('uses what is on PATH where both are of one release', async () => {
    expect(await joinWith('worker', NEW)).toEqual({
      program: 'kubeadm',
      kubelet: NEW,
      apiServer: undefined,
    });
  });
});
