import { z } from 'zod';
import type { Node } from './node.ts';
import { isAlive, type LogEntries, type NodeFacts, nodeFacts } from './node-facts.ts';
import { type NodeId, nodeIdSchema } from './node-id.ts';
import { quorumOf } from './projected-quorum.ts';
import { votersOf } from './voters.ts';

const quorumSchema = z.strictObject({
  /** Those that count, healthy or not. */
  members: z.int(),
  healthy: z.int(),
  needed: z.int(),
  /** Host names of those that are not healthy, each once: bringing them back helps. */
  missing: z.array(z.string()),
});

const groupSchema = z.strictObject({
  /** Nodes of the group that live. */
  living: z.int(),
  /** So many of them, whichever they are, may be lost. */
  mayBeLost: z.int(),
  /** Where that is none: host names of those that may be lost one at a time. */
  oneOf: z.array(z.string()),
});

/**
 * What may be lost now, each by itself, while etcd and the log keep their quorums and an API server
 * is left. Voters of etcd are healthy only while their API servers are, so the last follows from the
 * first. Unknown counts as not healthy (S5).
 */
export const failureBudgetSchema = z.strictObject({
  /** A quorum is lost: nothing is decided before it is back. */
  frozen: z.boolean(),
  etcd: quorumSchema,
  log: quorumSchema,
  controlPlanes: groupSchema,
  workers: groupSchema,
  /** Where living nodes are in more than one; the reason is null for what may be lost. */
  zones: z.array(z.strictObject({ zone: z.string(), reason: z.string().nullable() })),
  /** Nodes that must not be lost even alone. */
  indispensable: z.array(
    z.strictObject({ nodeId: nodeIdSchema, hostname: z.string(), reason: z.string() }),
  ),
});

export type FailureBudget = z.infer<typeof failureBudgetSchema>;
export type Quorum = z.infer<typeof quorumSchema>;

const byName = new Intl.Collator('en', { numeric: true });

/** One vote of etcd, or one replica of the log. */
interface Member {
  readonly nodeId: NodeId;
  readonly name: string;
  readonly healthy: boolean;
}

interface Quorums {
  readonly etcd: readonly Member[];
  readonly log: readonly Member[];
}

export interface BudgetInput extends LogEntries {
  /** Of the log; a node may hold several. */
  readonly replicas: readonly { readonly nodeId: NodeId }[];
}

/** Null while nobody votes in etcd: there is nothing yet that could be lost. */
export function failureBudget({ replicas, ...entries }: BudgetInput): FailureBudget | null {
  const facts = nodeFacts(entries);
  const all = [...facts.values()].sort((a, b) => byName.compare(a.node.hostname, b.node.hostname));
  const quorums: Quorums = {
    etcd: votersOf(all),
    log: replicas.map(({ nodeId }) => replicaAt(nodeId, facts.get(nodeId))),
  };
  if (quorums.etcd.length === 0) return null;

  const living = all.filter(isAlive);
  return {
    frozen: harm(quorums, []) !== undefined,
    etcd: quorumOfMembers(quorums.etcd),
    log: quorumOfMembers(quorums.log),
    controlPlanes: group(quorums, withRole(living, 'control-plane')),
    workers: group(quorums, withRole(living, 'worker')),
    zones: zonesOf(quorums, living),
    indispensable: living.flatMap(({ node: { nodeId, hostname } }) => {
      const reason = harm(quorums, [nodeId]);
      return reason === undefined ? [] : [{ nodeId, hostname, reason }];
    }),
  };
}

function replicaAt(nodeId: NodeId, facts: NodeFacts | undefined): Member {
  const healthy = facts !== undefined && isAlive(facts);
  return { nodeId, name: facts?.node.hostname ?? nodeId, healthy };
}

function withRole(all: readonly NodeFacts[], role: string): readonly Node[] {
  return all.filter(({ assignment }) => assignment?.value.role === role).map(({ node }) => node);
}

function quorumOfMembers(members: readonly Member[]): Quorum {
  const missing = members.filter(({ healthy }) => !healthy).map(({ name }) => name);
  return {
    members: members.length,
    healthy: members.length - missing.length,
    needed: quorumOf(members.length),
    missing: [...new Set(missing)].sort(byName.compare),
  };
}

/** What breaks when these nodes are lost: half a sentence, or undefined when nothing does. */
function harm({ etcd, log }: Quorums, lost: readonly NodeId[]): string | undefined {
  const leftOf = (members: readonly Member[]) =>
    members.filter(({ nodeId, healthy }) => healthy && !lost.includes(nodeId)).length;
  const [voters, replicas] = [leftOf(etcd), leftOf(log)];
  const [needed, neededOfLog] = [quorumOf(etcd.length), quorumOf(log.length)];
  if (voters < needed) {
    return `etcd would have ${voters} healthy voters of ${etcd.length} and needs ${needed}`;
  }
  if (replicas >= neededOfLog) return undefined;
  return `the log would have ${replicas} of ${log.length} replicas and needs ${neededOfLog}`;
}

/** A node counts for its own votes and replicas alone, so the worst loss is that of the heaviest nodes. */
function group(quorums: Quorums, nodes: readonly Node[]): FailureBudget['workers'] {
  const nodeIds = nodes.map(({ nodeId }) => nodeId);
  const worst = [quorums.etcd, quorums.log].map((members) => {
    const weight = (id: NodeId) =>
      members.filter(({ nodeId, healthy }) => healthy && nodeId === id).length;
    return nodeIds.toSorted((left, right) => weight(right) - weight(left));
  });
  const breaks = (count: number) =>
    worst.some((order) => harm(quorums, order.slice(0, count)) !== undefined);
  const least = nodeIds.findIndex((_, index) => breaks(index + 1));
  const spared = least === 0 ? nodes.filter(({ nodeId }) => !harm(quorums, [nodeId])) : [];
  return {
    living: nodes.length,
    mayBeLost: least === -1 ? nodes.length : least,
    oneOf: spared.map(({ hostname }) => hostname),
  };
}

function zonesOf(quorums: Quorums, living: readonly NodeFacts[]): FailureBudget['zones'] {
  const zones = Map.groupBy(living, ({ node }) => node.zone);
  if (zones.size < 2) return [];
  return [...zones.keys()]
    .filter((zone) => zone !== '')
    .sort()
    .map((zone) => {
      const nodeIds = (zones.get(zone) ?? []).map(({ node }) => node.nodeId);
      return { zone, reason: harm(quorums, nodeIds) ?? null };
    });
}
