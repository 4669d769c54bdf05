import type { Role } from '../../state/assignment.ts';
import type { Entry } from '../../state/kinds.ts';
import type { LeafCertificates } from '../../state/leaf-certificates.ts';
import { isAlive, type LogEntries, type NodeFacts, nodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { isServing } from '../../state/unfinished.ts';
import type { Upkeep } from '../../state/upkeep.ts';
import { countingAssignments } from './counting-assignments.ts';

/** A node that has a place in Kubernetes, and what it says of itself. */
export interface UpkeptNode {
  readonly nodeId: NodeId;
  readonly hostname: string;
  readonly role: Exclude<Role, 'spare'>;
  readonly facts: NodeFacts;
  /** It is alive, and does what it was last asked for. */
  readonly serves: boolean;
  /** Undefined until this incarnation said something. */
  readonly upkeep: Upkeep | undefined;
  readonly certificates: LeafCertificates | undefined;
}

export interface NodeEntries extends LogEntries {
  readonly upkeeps: readonly Entry<'upkeep'>[];
  readonly certificates: readonly Entry<'certificates'>[];
}

const byName = new Intl.Collator('en', { numeric: true });

/** All of them, by host name; those that came back empty have none any more. */
export function upkeptNodes(entries: NodeEntries): readonly UpkeptNode[] {
  const assignments = countingAssignments(entries);
  return [...nodeFacts({ ...entries, assignments }).values()]
    .flatMap((facts): UpkeptNode[] => {
      const { node, assignment } = facts;
      const { nodeId, hostname } = node;
      if (!assignment || assignment.value.incarnation !== node.incarnation) return [];
      const { role } = assignment.value;
      if (role === 'spare') return [];
      const serves = isAlive(facts) && isServing(assignment.value, facts.status);
      const own = { upkeep: ownOf(entries.upkeeps, facts) };
      const certificates = ownOf(entries.certificates, facts);
      return [{ nodeId, hostname, role, facts, serves, ...own, certificates }];
    })
    .toSorted((a, b) => byName.compare(a.hostname, b.hostname));
}

function ownOf<V extends { readonly nodeId: NodeId; readonly incarnation: number }>(
  entries: readonly { readonly value: V }[],
  { node }: NodeFacts,
): V | undefined {
  const own = entries.find(({ value }) => value.nodeId === node.nodeId)?.value;
  return own?.incarnation === node.incarnation ? own : undefined;
}
