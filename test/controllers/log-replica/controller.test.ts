import { describe, expect, test } from '@jest/globals';
import {
  createLogReplica,
  type LogReplicaOptions,
} from '../../../src/controllers/log-replica/controller.ts';
import type { ReplicaRemains, ReplicaServers } from '../../../src/ports/replica-servers.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import type { LogReport } from '../../../src/state/log-report.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

class FakeReplicaServers implements ReplicaServers {
  readonly running = new Set<string>();
  readonly silent = new Set<string>();
  remains: ReplicaRemains = 'unused';

  async observe() {
    return [...this.running].map((serverName) => ({ serverName, running: true }));
  }
  async answering({ replicas }: Parameters<ReplicaServers['answering']>[0]) {
    return replicas.map((each) => each.serverName).filter((name) => !this.silent.has(name));
  }
  async start({ serverName }: { readonly serverName: string }) {
    this.running.add(serverName);
  }
  async stop(serverName: string) {
    this.running.delete(serverName);
  }
  async refresh() {}
  async retire(serverName: string) {
    this.running.delete(serverName);
    return this.remains;
  }
  async discard(serverName: string) {
    this.running.delete(serverName);
  }
}

function controllerOn(change: Partial<LogReplicaOptions> = {}) {
  const reports: (readonly [number, LogReport])[] = [];
  const replicaServers = new FakeReplicaServers();
  const ports = portsIn(createWorld(), { replicaServers });
  const logReplica = createLogReplica({
    formed: () => genesisRecord(),
    logWorked: () => false,
    replicaFate: () => 'serve',
    reportLog: async (epoch, report) => void reports.push([epoch, report]),
    askMembers: async () => [],
    followReplicas: () => undefined,
    ...change,
  });
  return { replicaServers, reports, pass: () => reconcile(logReplica, ports) };
}

test('a re-founded log takes the place of the old one on every host', async () => {
  let record = genesisRecord();
  const { replicaServers, pass } = controllerOn({ formed: () => record, logWorked: () => true });

  expect((await pass()).actionsDone).toBe(1);
  expect([...replicaServers.running]).toEqual([`${id(1)}-1`]);

  const replicas = [replica(1, { serverName: `${id(1)}-2` }), replica(2), replica(3)];
  record = genesisRecord({ epoch: 2, replicas });
  expect((await pass()).actionsDone).toBe(2);
  expect([...replicaServers.running]).toEqual([`${id(1)}-2`]);
  expect((await pass()).actionsDone).toBe(0);
});

describe('log-replica reports', () => {
  test('whose replicas of a log that it never saw are silent', async () => {
    const { replicaServers, reports, pass } = controllerOn();
    replicaServers.silent.add(`${id(2)}-1`).add(`${id(3)}-1`);
    await pass();
    expect(reports).toEqual([[1, { type: 'silent', missing: [id(2), id(3)] }]]);
  });

  test('that the log worked, and asks nobody any more', async () => {
    const { reports, pass } = controllerOn({ logWorked: () => true });
    await pass();
    expect(reports).toEqual([[1, { type: 'worked' }]]);
  });

  test.each(['used', 'unused'] as const)(
    'a replica that it stopped for good: %s',
    async (remains) => {
      const { replicaServers, reports, pass } = controllerOn({ replicaFate: () => 'stop' });
      replicaServers.running.add(`${id(1)}-1`);
      replicaServers.remains = remains;
      await pass();
      expect([...replicaServers.running]).toEqual([]);
      expect(reports.at(-1)).toEqual([1, { type: 'stopped', used: remains === 'used' }]);
    },
  );
});
