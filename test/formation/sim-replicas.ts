import { z } from 'zod';
import { createLogReplica } from '../../src/controllers/log-replica/controller.ts';
import type { Formation } from '../../src/formation/formation.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Durable } from '../../src/ports/durable.ts';
import { reconcile } from '../../src/runtime/reconcile.ts';
import type { NodeId } from '../../src/state/node-id.ts';
import { node } from '../support/controllers-entries.ts';
import { createWorld, portsIn } from '../support/controllers-ports.ts';
import type { SimLogs } from './sim-log.ts';

const LOOK_MS = 250;
/** What an agent keeps of the log it saw. */
const COPY_FILE = 'log-copy';

export interface SimReplicasOptions {
  readonly clock: Clock;
  readonly durable: Durable;
  readonly formation: Formation;
  readonly logs: SimLogs;
  readonly nodeId: NodeId;
  readonly address: string;
}

/** The controller of log replicas on one simulated host, as an agent runs it from its record on. */
export function startSimReplicas(options: SimReplicasOptions): { stop(): Promise<void> } {
  const { clock, durable, formation, logs, nodeId, address } = options;
  const stopping = new AbortController();
  const self = { nodeId, incarnation: 1, record: node(1) };
  const ports = portsIn(createWorld(), { clock, self, replicaServers: logs.serversAt(address) });
  let seen = 0;

  async function run(): Promise<void> {
    seen = (await durable.read(COPY_FILE, z.int())) ?? 0;
    const first = await Promise.race([formation.formed, untilAborted(stopping.signal)]);
    if (!first) return;
    const logReplica = createLogReplica({
      formed: () => formation.record() ?? first,
      logWorked: () => seen === formation.record()?.epoch,
      replicaFate: formation.replicaFate,
      reportLog: formation.reportLog,
      askMembers: async ({ nodeIds }) => nodeIds.map((each) => ({ nodeId: each, replicas: null })),
      followReplicas: () => undefined,
    });
    while (!stopping.signal.aborted) {
      await look();
      const { requeue } = await reconcile(logReplica, ports);
      await clock.sleep(Math.min(requeue?.afterMs ?? LOOK_MS, LOOK_MS), stopping.signal);
    }
  }

  async function look(): Promise<void> {
    const epoch = formation.record()?.epoch ?? 0;
    if (seen === epoch || !logs.shows(address, epoch)) return;
    seen = epoch;
    await durable.write(COPY_FILE, epoch);
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
