import { describe, expect, jest, test } from '@jest/globals';
import {
  type CertificatesBench,
  certificatesBench,
  hostOf,
  isDecided,
  ORDER,
  workOf,
} from '../../support/certificates-bench.ts';
import type { AgentOptions } from '../../support/controller-agent.ts';

jest.setTimeout(240_000);

const THIRTY_MINUTES_MS = 30 * 60_000;
const RENEWED = {
  due: [],
  stale: [],
  running: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  apiServerReady: true,
  backups: [],
};

function journalOf({ bench }: CertificatesBench): readonly string[] {
  return bench.world.state.journal
    .filter(({ host, event }) => host === 'n1' && /^(operation\.started|pod\.term)/.test(event))
    .map(({ event, detail }) => `${event} ${detail.split(': ').at(-1)}`);
}

async function leavesText({ bench }: CertificatesBench): Promise<string> {
  return JSON.stringify(await bench.host(0).ports.certificates.leaves());
}

/** The agent of n1 obeys; another takes its place where it dies. */
async function renew(bench: CertificatesBench, dies?: AgentOptions['dies']) {
  const over = () => isDecided(bench, 1);
  const first = bench.certificatesAgent(1, dies ? { dies } : {});
  const errors = [...(await first.work(over, THIRTY_MINUTES_MS))];
  if (first.isDead()) {
    errors.push(...(await bench.certificatesAgent(1).work(over, THIRTY_MINUTES_MS)));
  }
  return { actions: first.acted, errors: errors.filter((code) => code !== 'test.killed') };
}

describe('an order to renew', () => {
  test('is carried out without losing the API, restarts only clients, and is told once proven', async () => {
    const bench = await certificatesBench(3);
    const from = journalOf(bench).length;
    await bench.order(1);
    const { errors } = await renew(bench);
    await bench.pass(30_000);

    expect([errors, workOf(bench, 1)]).toEqual([
      [],
      expect.objectContaining({ operationId: ORDER, state: 'done', reason: null, waiting: null }),
    ]);
    expect(await hostOf(bench, 1)).toEqual(RENEWED);
    expect(journalOf(bench).slice(from)).toEqual([
      'operation.started kubeadm certs renew all',
      'pod.terminated kube-scheduler',
      'pod.terminated kube-controller-manager',
      'pod.terminated kube-apiserver',
    ]);
    expect(bench.fewestApiServers()).toBe(2);
  });

  test('is done once: neither a second pass nor an agent that starts does anything', async () => {
    const bench = await certificatesBench(1);
    await bench.order(1);
    await renew(bench);
    const revision = bench.store.get('certificates', 'aaaaaaaaaaa')?.revision;
    const from = bench.bench.world.state.journal.length;
    const again = bench.certificatesAgent(1);
    await again.work(() => false, 60_000);
    expect([again.acted, bench.bench.world.state.journal.length - from]).toEqual([[], 0]);
    expect(bench.store.get('certificates', 'aaaaaaaaaaa')?.revision).toBe(revision);
  });

  test('comes to the same end when the agent dies at any one of its actions', async () => {
    const undisturbed = await certificatesBench(1);
    await undisturbed.order(1);
    const { actions } = await renew(undisturbed);
    expect(actions.length).toBeGreaterThan(8);
    const failures: unknown[] = [];
    for (let action = 1; action <= actions.length; action += 1) {
      for (const when of ['before', 'after'] as const) {
        const bench = await certificatesBench(1);
        await bench.order(1);
        const { errors } = await renew(bench, { action, when });
        await bench.pass(30_000);
        const facts = { ...(await hostOf(bench, 1)), state: workOf(bench, 1)?.state, errors };
        const wanted = { ...RENEWED, state: 'done', errors: [] };
        if (JSON.stringify(facts) !== JSON.stringify(wanted))
          failures.push({ action, when, facts });
      }
    }
    expect(failures).toEqual([]);
  });

  test('fails, with all leaves as they were, where kubeadm can not renew all of them', async () => {
    const bench = await certificatesBench(1);
    await bench.bench.host(0).ports.files.remove('/etc/kubernetes/pki/etcd/ca.key');
    const before = await leavesText(bench);
    const from = journalOf(bench).length;
    await bench.order(1);
    await renew(bench);
    expect(workOf(bench, 1)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/left .*etcd-server as they were/),
    });
    expect(await leavesText(bench)).toBe(before);
    // Nobody was started again: the renewal was never proven (mutant of `isRenewed`).
    expect(journalOf(bench).slice(from)).toEqual(['operation.started kubeadm certs renew all']);
  });

  test('fails, and everybody runs with the former leaves, where a server never shows its new one', async () => {
    const bench = await certificatesBench(1);
    const before = await leavesText(bench);
    await bench.order(1);
    const agent = bench.certificatesAgent(1, {
      served: [{ name: 'apiserver', state: 'former' }],
    });
    await agent.work(() => isDecided(bench, 1), 2 * THIRTY_MINUTES_MS);
    await bench.pass(30_000);
    expect(workOf(bench, 1)).toMatchObject({ state: 'failed' });
    expect(await leavesText(bench)).toBe(before);
    const { running, backups, apiServerReady } = await hostOf(bench, 1);
    expect({ running, backups, apiServerReady }).toEqual({
      running: RENEWED.running,
      backups: [],
      apiServerReady: true,
    });
  });

  test('restarts etcd only where it goes on to show its former leaf', async () => {
    const bench = await certificatesBench(1);
    const from = journalOf(bench).length;
    await bench.order(1);
    const agent = bench.certificatesAgent(1, {
      served: [{ name: 'etcd-server', state: 'former' }],
    });
    await agent.work(() => agent.acted.filter((type) => type === 'restart').length === 4, 600_000);
    expect(journalOf(bench).slice(from).at(-1)).toBe('pod.terminated etcd');
  });
});
