import { z } from 'zod';
import { type Ballot, ballotSchema } from './ballot.ts';
import { type Roll, rollSchema } from './roll.ts';

/** A value under the ballot that put it forward. */
export interface Proposal<V> {
  readonly ballot: Ballot;
  readonly value: V;
}

export interface Prepare {
  readonly type: 'prepare';
  readonly epoch: number;
  readonly ballot: Ballot;
  readonly roll: Roll;
}

export interface PromiseReply<V> {
  readonly type: 'promise';
  readonly epoch: number;
  readonly ballot: Ballot;
  /** The highest proposal that the sender accepted before it gave this promise. */
  readonly accepted: Proposal<V> | null;
}

export interface Accept<V> {
  readonly type: 'accept';
  readonly epoch: number;
  readonly ballot: Ballot;
  readonly roll: Roll;
  readonly value: V;
}

export interface AcceptedReply {
  readonly type: 'accepted';
  readonly epoch: number;
  readonly ballot: Ballot;
}

/** Refuses `ballot`: the sender promised a higher one, or knows nodes that it left out. */
export interface Nack {
  readonly type: 'nack';
  readonly epoch: number;
  readonly ballot: Ballot;
  readonly promised: Ballot | null;
  readonly roll: Roll;
}

/** The decision of this epoch, final. */
export interface Formed<V> {
  readonly type: 'formed';
  readonly epoch: number;
  readonly value: V;
}

export type Message<V> = Prepare | PromiseReply<V> | Accept<V> | AcceptedReply | Nack | Formed<V>;

export function proposalSchema<V>(value: z.ZodType<V>): z.ZodType<Proposal<V>> {
  return z.strictObject({ ballot: ballotSchema, value });
}

/** What a peer may send. Every field is bounded as long as `value` is. */
export function messageSchema<V>(value: z.ZodType<V>): z.ZodType<Message<V>> {
  const about = { epoch: z.int().min(1), ballot: ballotSchema };
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('prepare'), ...about, roll: rollSchema }),
    z.strictObject({
      type: z.literal('promise'),
      ...about,
      accepted: proposalSchema(value).nullable(),
    }),
    z.strictObject({ type: z.literal('accept'), ...about, roll: rollSchema, value }),
    z.strictObject({ type: z.literal('accepted'), ...about }),
    z.strictObject({
      type: z.literal('nack'),
      ...about,
      promised: ballotSchema.nullable(),
      roll: rollSchema,
    }),
    z.strictObject({ type: z.literal('formed'), epoch: z.int().min(1), value }),
  ]);
}
