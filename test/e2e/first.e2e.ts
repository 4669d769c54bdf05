import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cluster } from '../../lab/cluster.ts';
import { emptyRoom, eventually, kubeadmStarts, kubectl, run, viewOf } from './support/machines.ts';

const machines = ['n1', 'n2', 'n3'];

describe('three empty machines and one token', () => {
  let seconds = 0;

  beforeAll(async () => {
    await emptyRoom();
    seconds = await cluster({ nodes: 3, controlPlanes: 3, kubernetes: '1.34.4' });
    process.stdout.write(`three control planes Ready ${seconds.toFixed(1)} s after power on\n`);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('become three control planes of one cluster', async () => {
    const views = await Promise.all(machines.map(viewOf));
    expect(new Set(views.map(({ clusterId }) => clusterId)).size).toBe(1);
    const roles = await kubectl(
      'n1',
      'get',
      'nodes',
      '-l',
      'node-role.kubernetes.io/control-plane',
      '-o',
      'name',
    );
    expect(roles.split('\n').sort()).toEqual(['node/n1', 'node/n2', 'node/n3']);
  });

  test('kubeadm init ran once', async () => {
    const starts = await Promise.all(machines.map((machine) => kubeadmStarts(machine, 'init')));
    expect(starts.sort()).toEqual([0, 0, 1]);
  });

  test('no bootstrap token is left', async () => {
    const secrets = await kubectl('n1', '-n', 'kube-system', 'get', 'secrets', '-o', 'name');
    expect(secrets.split('\n').filter((name) => name.includes('bootstrap-token'))).toEqual([]);
  });

  test('no key stands in a file that others may read', async () => {
    const open =
      'find /etc/kubernetes /var/lib/civitas /etc/civitas \\( -name "*.key" -o -name "*.conf" -o -name "*.token" -o -name identity* \\) -type f -perm /077';
    const found = await Promise.all(machines.map((machine) => run(machine, ['sh', '-c', open])));
    expect(found).toEqual(['', '', '']);
  });

  test('a healthy cluster is left alone: no entry of the log for half a minute', async () => {
    // The last of them tells what became of it, and its sponsor takes back what it handed over.
    await eventually(settled, (isSettled) => isSettled, 30_000);
    const before = (await viewOf('n1')).revision;
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    expect((await viewOf('n1')).revision).toBe(before);
  });
});

/** Whether all is said that follows from the last join. */
async function settled(): Promise<boolean> {
  const { revision } = await viewOf('n1');
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const after = await viewOf('n1');
  return after.whole && after.revision === revision;
}
