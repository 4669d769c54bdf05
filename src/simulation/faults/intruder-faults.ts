import { entryPath } from '../../state/keys.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Machine } from '../fleet/machine.ts';
import { createMemoryLink } from '../memory-link.ts';
import { type FaultEffect, machinesOf } from './fault-effect.ts';

interface Forged {
  readonly path: string;
  readonly value: object;
}

/** What a machine may write that has the token's key and no business to, in its own name. */
const FORGERIES: readonly ((machine: Machine, term: number) => Forged)[] = [
  /** An assignment of the first term there was. */
  (machine) => ownAssignment(machine, { term: 1 }),
  /** An assignment of the present term, for another life of its node. */
  (machine, term) => ownAssignment(machine, { term, incarnation: machine.node().incarnation + 1 }),
  /** An assignment as no version of civitas writes it. */
  (machine, term) => ownAssignment(machine, { term, schema: 'of another time' }),
];

/** What somebody does who holds the key and is no agent of ours. */
export const intruderFaults = {
  'worker-writes': {
    does: 'a machine writes an assignment of itself into the log: of a former term, for another incarnation, or one that nobody can read; somebody puts back what stood there when the fault ends',
    begin(fleet, fault) {
      const forge = FORGERIES[Math.floor(fault.amount * FORGERIES.length)];
      const [machine] = machinesOf(fleet, fault);
      const term = fleet.leader()?.term();
      if (!forge || !machine || term === undefined) return undefined;
      return write(fleet, forge(machine, term));
    },
  },
} as const satisfies Readonly<Record<string, FaultEffect>>;

function ownAssignment(machine: Machine, change: object): Forged {
  const { nodeId, incarnation } = machine.node();
  const value = {
    nodeId,
    incarnation,
    term: 1,
    operationId: 'join-control-plane-forged',
    role: 'control-plane',
    task: 'join-control-plane',
    sponsor: nodeId,
    kubernetesVersion: 'v1.34.4',
    ...change,
  };
  return { path: entryPath('assignment', nodeId), value };
}

/** Nobody is named as its writer: it is no agent. */
function write({ logs }: Fleet, { path, value }: Forged): (() => void) | undefined {
  const bucket = logs.newest()?.memory.entries.over(createMemoryLink());
  if (!bucket) return undefined;
  const forging = forge();

  async function forge() {
    const before = await bucket?.read(path);
    const written = await bucket?.write(path, JSON.stringify(value), undefined);
    const text = before?.type === 'read' ? (before.record?.text ?? null) : null;
    return { text, revision: written?.type === 'written' ? written.revision : undefined };
  }

  return () => {
    // Unless the leader did so already.
    void forging.then(({ text, revision }) => {
      if (revision !== undefined) void bucket.write(path, text, revision);
    });
  };
}
