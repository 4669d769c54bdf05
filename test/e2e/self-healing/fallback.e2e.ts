import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boot, kill } from '../../../lab/machine.ts';
import { startWebClient, stop } from '../support/clients.ts';
import { decisionsSince } from '../support/decisions-since.ts';
import { editSpec } from '../support/edit-spec.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { deployGuardedWeb, guardedWebUrl, untilGuardedWebAnswers } from '../support/guarded-web.ts';
import { emptyRoom, kubectl, run } from '../support/machines.ts';
import { nextHeir } from '../support/next-heir.ts';
import { passingMarks } from '../support/node-marks.ts';
import { podsOn } from '../support/pods-on.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

const machines = ['n1', 'n2', 'n3', 'n4', 'n5'];
const PODS = 4;
const PKI = '/etc/kubernetes/pki';
/** A certificate of another authority, as of another cluster: kubeadm does not go on beside it. */
const FOREIGN_CERTIFICATE = `mkdir -p ${PKI}; openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=kube-apiserver -keyout ${PKI}/apiserver.key -out ${PKI}/apiserver.crt 2>&1`;

describe('a worker that leaves Kubernetes to come back as a control plane', () => {
  /** A control plane that is never switched off. */
  let asked = '';

  beforeAll(async () => {
    await formedCluster({ nodes: 5, controlPlanes: 3, kubernetes: '1.34.4' });
    await wholeAfter('the cluster began', { machines, controlPlanes: 3 });
    asked = firstOf(await machinesIn('control plane', machines));
  }, 600_000);
  afterAll(emptyRoom, 120_000);

  test('because the spec wants it so: no request to its pods fails', async () => {
    await editSpec(asked, { replacement: { graceSeconds: 5, promotion: 'rejoin' } });
    const lost = await loseOne(async () => undefined);
    await boot([lost]);
    await wholeAfter(`boot of ${lost}`, { machines, controlPlanes: 3 });
  }, 600_000);

  test('because its promotion under its pods failed: no request to them fails', async () => {
    await editSpec(asked, { replacement: { graceSeconds: 5, promotion: 'in-place' } });
    await loseOne(async (heir) => {
      await run(heir, ['sh', '-c', FOREIGN_CERTIFICATE]);
    });
  }, 600_000);

  /** Switches a control plane off; resolves to it once the heir, of which something was made before, has its place. */
  async function loseOne(prepare: (heir: string) => Promise<void>): Promise<string> {
    const planes = await machinesIn('control plane', machines);
    const workers = await machinesIn('worker', machines);
    const heir = await nextHeir(asked, workers);
    const other = firstOf(workers.filter((name) => name !== heir));
    const lost = firstOf(planes.filter((name) => name !== asked));
    await runOnWorkers(planes);
    expect(await podsOn(asked, 'guarded', [heir])).not.toEqual([]);
    await prepare(heir);

    const url = guardedWebUrl(other);
    await untilGuardedWebAnswers(other, url);
    const client = await startWebClient(other, url);
    const sinceWallMs = Date.now();
    await kill([lost]);
    const left = machines.filter((name) => name !== lost);
    await wholeAfter(`power cut of ${lost}`, { machines: left, controlPlanes: 3 });
    await printSinceDecision(sinceWallMs);
    const { asked: requests, failed } = await stop(client);
    process.stdout.write(`${failed.length} of ${requests} requests failed\n`);
    expect(failed).toEqual([]);

    expect(await machinesIn('worker', left)).toEqual([other]);
    expect(await passingMarks(asked)).toEqual([]);
    const ready = 'jsonpath={.status.readyReplicas}';
    expect(await kubectl(asked, 'get', 'deployment', 'guarded', '-o', ready)).toBe(String(PODS));
    return lost;
  }

  /** All pods are on workers, several on each, so that the loss of a control plane is none of theirs. */
  async function runOnWorkers(planes: readonly string[]): Promise<void> {
    await kubectl(asked, 'delete', 'deployment', 'guarded', '--ignore-not-found', '--wait');
    await kubectl(asked, 'cordon', ...planes);
    await deployGuardedWeb(asked, PODS);
    await kubectl(asked, 'uncordon', ...planes);
  }

  /** From the first word of the leader on who goes, until now. */
  async function printSinceDecision(sinceWallMs: number): Promise<void> {
    const decisions = await decisionsSince(asked, sinceWallMs);
    const seconds = (action: string) => {
      const wallMs = decisions.find((each) => each.action === action)?.wallMs;
      return wallMs === undefined ? 'never' : `${((Date.now() - wallMs) / 1_000).toFixed(1)} s`;
    };
    process.stdout.write(
      `whole since the decision: ${seconds('replace')}; since the worker was to leave: ${seconds('rejoin')}\n`,
    );
    expect(decisions.map(({ action }) => action)).toContain('rejoin');
  }
});
