import { z } from 'zod';
import type { NodeId } from '../../state/node-id.ts';
import { type Ballot, ballotSchema } from './ballot.ts';
import { type Proposal, proposalSchema } from './message.ts';
import { type Roll, rollSchema } from './roll.ts';

/** What a node must never forget of one genesis: on disk before anybody hears of it. */
export interface Acceptor<V> {
  readonly epoch: number;
  /** No ballot below this one is answered any more. */
  readonly promised: Ballot | null;
  readonly accepted: Proposal<V> | null;
  readonly roll: Roll;
  /** The log replicas that this node ran in the replaced epoch are stopped for good. */
  readonly replicasStopped: boolean;
  /** Once set, this epoch is over for the node. */
  readonly formed: { readonly value: V } | null;
}

/** Checks what was read back from disk. */
export function acceptorSchema<V>(value: z.ZodType<V>): z.ZodType<Acceptor<V>> {
  return z.strictObject({
    epoch: z.int().min(1),
    promised: ballotSchema.nullable(),
    accepted: proposalSchema(value).nullable(),
    roll: rollSchema,
    replicasStopped: z.boolean(),
    formed: z.strictObject({ value }).nullable(),
  });
}

/** The acceptor of a node that never took part in this epoch. */
export function newAcceptor<V>(epoch: number, nodeId: NodeId): Acceptor<V> {
  return {
    epoch,
    promised: null,
    accepted: null,
    roll: [nodeId],
    replicasStopped: false,
    formed: null,
  };
}
