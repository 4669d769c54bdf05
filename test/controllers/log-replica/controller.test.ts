import { expect, test } from '@jest/globals';
import { createLogReplica } from '../../../src/controllers/log-replica/controller.ts';
import type { ReplicaServers } from '../../../src/ports/replica-servers.ts';
import { reconcile } from '../../../src/runtime/reconcile.ts';
import { genesisRecord, id, replica } from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';

class FakeReplicaServers implements ReplicaServers {
  readonly running = new Set<string>();

  async observe() {
    return [...this.running].map((serverName) => ({ serverName, running: true }));
  }
  async allAnswer() {
    return true;
  }
  async start({ serverName }: { readonly serverName: string }) {
    this.running.add(serverName);
  }
  async stop(serverName: string) {
    this.running.delete(serverName);
  }
}

test('a re-founded log takes the place of the old one on every host', async () => {
  const replicaServers = new FakeReplicaServers();
  const ports = portsIn(createWorld(), { replicaServers });
  let record = genesisRecord();
  const logReplica = createLogReplica({ formed: () => record, logWorked: () => true });

  expect((await reconcile(logReplica, ports)).actionsDone).toBe(1);
  expect([...replicaServers.running]).toEqual([`${id(1)}-1`]);

  const replicas = [replica(1, { serverName: `${id(1)}-2` }), replica(2), replica(3)];
  record = genesisRecord({ epoch: 2, replicas });
  expect((await reconcile(logReplica, ports)).actionsDone).toBe(2);
  expect([...replicaServers.running]).toEqual([`${id(1)}-2`]);
  expect((await reconcile(logReplica, ports)).actionsDone).toBe(0);
});
