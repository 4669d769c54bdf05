import { createLogReplica } from '../../../src/controllers/log-replica/controller.ts';
import { register } from '../../../src/runtime/registered-controller.ts';
import { schemaGate } from '../../../src/simulation/checker/safety/schema-gate.ts';
import type { Fleet } from '../../../src/simulation/fleet/fleet.ts';
import { createMemoryLink } from '../../../src/simulation/memory-link.ts';
import { movedServerName, type ReplicaSet } from '../../../src/state/replicas.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';
import { inPlaceOf } from './rogue.ts';

const TEN_SECONDS_MS = 10_000;
const TWO_MINUTES_MS = 2 * ONE_MINUTE_MS;

export const unreadMutants: readonly Mutant[] = [
  {
    rule: schemaGate,
    name: 'a part of the agent goes on beside an entry that it can not read',
    altered: () => ({
      alterPorts(ports) {
        void (async () => {
          for (;;) {
            await ports.clock.sleep(TEN_SECONDS_MS);
            await ports.files.write('/var/tmp/still-here', '', 0o600);
          }
        })();
        return ports;
      },
    }),
    async script(fleet) {
      await fleet.clock.advance(TWO_MINUTES_MS);
      await writeAsStranger(fleet, 'assignment.future', { novel: true });
      await fleet.clock.advance(3 * TEN_SECONDS_MS);
    },
  },
  {
    rule: schemaGate,
    name: 'whoever may start its replica again beside an entry that it can not read makes new ones, too',
    options: { nodes: 4, spec: { controlPlanes: 1 } },
    altered: () =>
      inPlaceOf('log-replica', (options) =>
        register({ ...createLogReplica(options), despiteUnread: ['resume', 'start'] }),
      ),
    async script(fleet) {
      await fleet.clock.advance(TWO_MINUTES_MS);
      await writeAsStranger(fleet, 'assignment.future', { novel: true });
      await fleet.clock.advance(TEN_SECONDS_MS);
      await writeAsStranger(fleet, 'replicas.current', setWithout(fleet, 'n1'));
      await fleet.clock.advance(3 * TEN_SECONDS_MS);
    },
  },
];

async function writeAsStranger({ logs }: Fleet, path: string, value: object): Promise<void> {
  const entries = logs.newest()?.memory.entries.over(createMemoryLink());
  await entries?.write(path, JSON.stringify(value), 0);
}

/** As if the leader gave the replica of this host to one that has none. */
function setWithout(fleet: Fleet, hostname: string): ReplicaSet {
  const record = fleet.machine(hostname).agent()?.formation.record();
  const { nodeId } = fleet.machine(hostname).node();
  const leaving = record?.replicas.find((replica) => replica.nodeId === nodeId);
  const heir = fleet.machines
    .map((machine) => machine.node())
    .find((node) => !record?.replicas.some((replica) => replica.nodeId === node.nodeId));
  if (!record || !leaving || !heir) throw new Error(`nobody can follow on ${hostname}`);
  const place = { nodeId: heir.nodeId, serverName: movedServerName(heir.nodeId, 1) };
  const replicas = record.replicas.map((each) => (each === leaving ? { ...each, ...place } : each));
  return { generation: 1, term: 1, replicas, leaving };
}
