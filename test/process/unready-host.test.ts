import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { civitas, runCommand } from '../support/process-command.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

let room: ProcessRoom;

beforeAll(async () => {
  room = await openProcessRoom();
});

afterAll(() => room.close());

test('a host that lacks things waits with all of them named, and goes on once they are repaired', async () => {
  const host = {
    lacks: ['containerd'] as 'containerd'[],
    swapOn: true,
    kubernetesVersions: [] as string[],
  };
  const n1 = room.start({ tokenFile: await room.token(), number: 1, host });
  const waits =
    'swap is on on n1: run `swapoff -a` and mend /etc/fstab; containerd is not installed on n1: install the package containerd; kubeadm, kubelet and kubectl v1.34.4 are not on n1: install them';
  const { nodes } = await n1.sees('what its host lacks', ({ nodes: [node] }) => {
    return node?.waiting?.reason === 'host-not-ready';
  });
  expect(nodes[0]?.waiting?.message).toBe(waits);

  const { stdout } = await runCommand(civitas(['status', '--state-dir', n1.stateDir]));
  expect(stdout).toContain(`Waiting:\n  n1: ${waits} (`);

  Object.assign(host, { lacks: [], swapOn: false, kubernetesVersions: ['v1.34.4'] });
  const whole = await n1.sees('the whole cluster', (view) => view.whole);
  expect(whole.nodes[0]).toMatchObject({ phase: 'serving', ready: true, waiting: null });
}, 120_000);
