import { expect, jest, test } from '@jest/globals';
import { isOver, type UpkeepBench, upkeepBench, workOn } from '../../support/upkeep-bench.ts';

jest.setTimeout(240_000);

const TEN_MINUTES_MS = 600_000;

function kubeOf({ bench }: UpkeepBench) {
  const [host] = bench.hosts;
  if (!host) throw new RangeError('the bench has no host');
  return host.ports.kube;
}

async function configurationOf(upkeep: UpkeepBench): Promise<string> {
  const found = await upkeep.bench.drive(kubeOf(upkeep).configMap('kubeadm-config'));
  return found?.data['ClusterConfiguration'] ?? '';
}

test('feature gates that the release does not know are taken out, and no others, before kubeadm runs', async () => {
  const upkeep = await upkeepBench(1, 1);
  const kube = kubeOf(upkeep);
  const found = await upkeep.bench.drive(kube.configMap('kubeadm-config'));
  const gates = 'featureGates: {EtcdLearnerMode: true, NodeLocalCRISocket: true}\n';
  const data = { ClusterConfiguration: `${await configurationOf(upkeep)}${gates}` };
  await upkeep.bench.drive(kube.patchConfigMap('kubeadm-config', data, found?.revision ?? ''));

  await upkeep.order(1, 'upgrade-control-plane', { first: true });
  await upkeep.agent(1).work(() => isOver(upkeep, 1), TEN_MINUTES_MS);
  expect(workOn(upkeep, 1)).toMatchObject({ state: 'done', reason: null });
  const after = await configurationOf(upkeep);
  expect([after.includes('EtcdLearnerMode'), after.includes('NodeLocalCRISocket')]).toEqual([
    false,
    true,
  ]);
});
