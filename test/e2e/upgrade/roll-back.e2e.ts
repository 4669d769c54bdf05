import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { breakImage, breakKubelet, mendImage, mendKubelet } from '../support/broken-release.ts';
import { type Client, stop } from '../support/clients.ts';
import { cordoned } from '../support/cordoned.ts';
import { editSpec } from '../support/edit-spec.ts';
import { logWrites } from '../support/log-writes.ts';
import { civitas, emptyRoom, run } from '../support/machines.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';
import { loadedCluster } from './loaded-cluster.ts';
import { say } from './say.ts';
import { planSays, untilState } from './told-rollout.ts';
import { untilUpgraded } from './until-upgraded.ts';
import { printReport } from './upgrade-report.ts';

const machines = ['n1', 'n2', 'n3', 'n4'];
const expected = { machines, controlPlanes: 3 };
const OLD = 'v1.34.3';
const NEW = 'v1.34.4';
const IMAGE = `registry.k8s.io/kube-apiserver:${NEW}`;
const FAILS_WITHIN_MS = 900_000;
const DEADLINE_MS = 600_000;

describe(`an upgrade from ${OLD} to ${NEW} that fails on a node`, () => {
  let clients: readonly Client[] = [];
  /** Asked, and never broken. */
  let asked = '';
  let [plane, worker] = ['', ''];

  beforeAll(async () => {
    clients = await loadedCluster(machines, 3, OLD);
    [asked = '', plane = ''] = (await machinesIn('control plane', machines)).toSorted();
    worker = firstOf(await machinesIn('worker', machines));
    await breakImage(plane, IMAGE);
    await breakKubelet(worker, NEW);
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('as its API server does not start: it is put back, and the rollout paused with the cause', async () => {
    const before = await filesOf(plane);
    await editSpec(asked, { kubernetesVersion: NEW });
    await expectPaused(
      `${plane} failed to upgrade control plane: its servers of ${NEW} did not start within two minutes`,
    );
    expect(await filesOf(plane)).toBe(before);
    expect(await apiServerOf(plane)).toBe(OLD);
    await mendImage(plane, IMAGE);
    await resume();
  }, 1_000_000);

  test('as its kubelet does not run: it is put back, takes pods again, and the rollout is paused', async () => {
    const before = await filesOf(worker);
    await expectPaused(
      `${worker} failed to upgrade kubelet: ${NEW} did not come up within five minutes`,
    );
    expect(await filesOf(worker)).toBe(before);
    expect(await run(worker, ['kubelet', '--version'])).toContain(OLD);
    await mendKubelet(worker, NEW);
    await resume();
  }, 1_200_000);

  test('ends well once that was put right, and nobody missed an answer', async () => {
    const rollout = await untilUpgraded(machines, NEW, DEADLINE_MS);
    const tallies = await Promise.all(clients.map(stop));
    await wholeAfter('the upgrade', expected);
    const written = await logWrites(asked, 30_000);
    printReport({ title: `${OLD} to ${NEW}`, rollout, tallies, logWrites: written });
    expect(tallies.filter(({ asked: questions }) => questions < 100)).toEqual([]);
    expect(tallies.flatMap(({ failed }) => failed)).toEqual([]);
    expect(written).toBe(0);
  }, 900_000);

  async function expectPaused(cause: string): Promise<void> {
    const rollout = { machine: asked, release: NEW };
    const { waiting } = await untilState(rollout, 'paused', FAILS_WITHIN_MS);
    expect(waiting?.message).toContain(cause);
    expect(await planSays(rollout, /civitas resume/)).toContain(cause);
    expect((await civitas(asked, 'status')).stdout).toContain(cause);
    await wholeAfter('the roll-back', expected);
    expect(await cordoned(asked)).toBe('');
  }

  async function resume(): Promise<void> {
    await say(asked, 'resume');
    await untilState({ machine: asked, release: NEW }, 'running');
  }
});

/** Sums of all that a rollback has to put back, as far as a machine has it. */
function filesOf(machine: string): Promise<string> {
  const files = '/etc/kubernetes/manifests/*.yaml /var/lib/kubelet/config.yaml';
  const flags = '/var/lib/kubelet/kubeadm-flags.env /usr/local/bin/kube*';
  return run(machine, ['sh', '-c', `sha256sum ${files} ${flags} 2>/dev/null || true`]);
}

/** The release that the API server of a machine is of, asked of itself. */
async function apiServerOf(machine: string): Promise<string> {
  const ask =
    'curl --silent --fail --cacert /etc/kubernetes/pki/ca.crt https://127.0.0.1:6443/version';
  const told = await run(machine, ['sh', '-c', ask]);
  return /"gitVersion": "(v[^"]+)"/.exec(told)?.[1] ?? told;
}
