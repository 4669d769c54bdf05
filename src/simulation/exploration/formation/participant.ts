import {
  type GenesisConfig,
  genesisTimings,
  type Timings,
} from '../../../formation/genesis/config.ts';
import type { Effect } from '../../../formation/genesis/effect.ts';
import type { Input } from '../../../formation/genesis/input.ts';
import type { Message } from '../../../formation/genesis/message.ts';
import type { Rules } from '../../../formation/genesis/rules.ts';
import type { GenesisState } from '../../../formation/genesis/state.ts';
import { orderless } from './orderless.ts';

/** Stands for a genesis record: who proposed it, in which round. */
export interface Value {
  readonly id: string;
}

/** One node in the middle of genesis; `node` is its index. */
export interface Participant {
  readonly node: number;
  readonly genesis: GenesisState<Value>;
}

export interface Envelope {
  readonly from: number;
  readonly to: number;
  readonly message: Message<Value>;
}

/** What a genesis is made of. Arguments, so that a test can break one at a time. */
export interface Formation {
  readonly rules: Rules;
  /** What the driver does with effects, in order; a right one writes before it sends. */
  inOrder(effects: readonly Effect<Value>[]): readonly Effect<Value>[];
  /** Whether what was written is still there after a crash. */
  readonly isDurable: boolean;
}

/** Every time-out is due at once, so it may happen at any moment. */
const INSTANTLY = Object.fromEntries(
  Object.keys(genesisTimings).map((name) => [name, 0]),
) as unknown as Timings;

/** Time-outs of nothing need neither clock nor jitter. */
export const AT_ONCE = { nowMs: 0, random: 0 } as const;

export function nodeIdOf(node: number): string {
  return `n${node + 1}`;
}

export function configOf(node: number, expectedNodes: number): GenesisConfig<Value> {
  return {
    nodeId: nodeIdOf(node),
    instance: { epoch: 1, expectedNodes, replaces: null },
    timings: INSTANTLY,
    propose: ({ ballot }) => ({ id: `${ballot.nodeId}/${ballot.round}` }),
    idOf: (value) => value.id,
  };
}

/** All nodes answer, and nobody is known to have a record. */
export function everybody(nodes: number): Input<Value> {
  const peers = Array.from({ length: nodes }, (_, node) => {
    return { nodeId: nodeIdOf(node), reachable: true, formed: false };
  });
  return { type: 'knowledge', peers, ...AT_ONCE };
}

/** What decides the future of a node. The order in which votes came does not. */
export function participantKey({ node, genesis }: Participant): string {
  const { acceptor, proposer, highestRoundSeen } = genesis;
  return JSON.stringify([node, acceptor, orderless(proposer), highestRoundSeen]);
}
