import type { Acceptor } from '../../../../src/formation/genesis/acceptor.ts';
import type { GenesisConfig } from '../../../../src/formation/genesis/config.ts';
import type { Effect } from '../../../../src/formation/genesis/effect.ts';
import type { Input } from '../../../../src/formation/genesis/input.ts';
import type { Message } from '../../../../src/formation/genesis/message.ts';
import { paxosRules, type Rules } from '../../../../src/formation/genesis/rules.ts';
import { type GenesisState, startGenesis } from '../../../../src/formation/genesis/state.ts';
import { step } from '../../../../src/formation/genesis/step.ts';
import { orderless } from '../../../../src/simulation/exploration/formation/orderless.ts';
import type { Value } from '../genesis-config.ts';
import { brokenBy } from '../invariants.ts';
import { type Disk, inOrderOf } from './disk.ts';
import { createInterner } from './interner.ts';

export interface Participant {
  readonly config: GenesisConfig<Value>;
  readonly heardOf: readonly string[];
}

interface Local {
  readonly node: number;
  readonly genesis: GenesisState<Value>;
}

interface Envelope {
  readonly from: number;
  readonly to: number;
  readonly message: Message<Value>;
}

/** What one step of one node does, states and envelopes by number. */
export interface Reaction {
  readonly next: number;
  readonly sent: readonly number[];
  readonly announced: string | null;
  /** What a crash right before the write leaves, if something was sent before it. */
  readonly crashed: { readonly next: number; readonly sent: readonly number[] } | null;
  readonly isNoop: boolean;
  readonly violation: string | null;
}

export type Reactions = ReturnType<typeof createReactions>;

const ENVELOPES_MAX = 1 << 20;
const TICK = ENVELOPES_MAX - 1;
const MEETING = ENVELOPES_MAX - 2;
/** Time-outs of nothing need neither clock nor jitter. */
const atOnce = { nowMs: 0, random: 0 } as const;

/** The `step` of every node, computed once for each state and input that differ. */
export function createReactions(
  participants: readonly Participant[],
  rules: Rules = paxosRules,
  disk: Disk = 'persists-first',
) {
  const locals = createInterner<Local>(localKey);
  const envelopes = createInterner<Envelope>((envelope) => JSON.stringify(envelope));
  const memo = new Map<number, Reaction>();
  const nodeOf = new Map(participants.map(({ config }, node) => [config.nodeId, node]));

  function boot(node: number, stored: Acceptor<Value> | null): number {
    const { config, heardOf } = participant(node);
    const { state } = step(config, startGenesis(config, stored, 0), knowledgeOf(heardOf), rules);
    return locals.numberOf({ node, genesis: state });
  }

  function reboot(number: number): number {
    const { node, genesis } = locals.thing(number);
    return boot(node, disk === 'forgets' ? null : genesis.acceptor);
  }

  function compute(number: number, input: Input<Value>): Reaction {
    const { node, genesis } = locals.thing(number);
    const result = step(participant(node).config, genesis, input, rules);
    const effects = inOrderOf(disk, result.effects);
    const next = locals.numberOf({ node, genesis: result.state });
    return {
      next,
      sent: sends(node, effects),
      announced: effects.find((effect) => effect.type === 'formed')?.value.id ?? null,
      crashed: crashBeforePersist(number, node, effects),
      isNoop: next === number && effects.length === 0,
      violation: brokenBy(genesis, result.state, effects),
    };
  }

  /** Every other crash within a step leaves what one between two steps leaves, or less. */
  function crashBeforePersist(
    number: number,
    node: number,
    effects: readonly Effect<Value>[],
  ): Reaction['crashed'] {
    const persistAt = effects.findIndex((effect) => effect.type === 'persist');
    const sent = sends(node, effects.slice(0, Math.max(persistAt, 0)));
    return sent.length === 0 ? null : { next: reboot(number), sent };
  }

  function sends(node: number, effects: readonly Effect<Value>[]): number[] {
    return effects.flatMap((effect) => {
      const to = effect.type === 'send' ? nodeOf.get(effect.to) : undefined;
      if (effect.type !== 'send' || to === undefined) return [];
      const { message } = effect;
      // Who hands over the record makes no difference: one sender stands for all.
      const from = message.type === 'formed' ? Number(to === 0) : node;
      return [envelopes.numberOf({ from, to, message })];
    });
  }

  function participant(node: number): Participant {
    return participants[node] as Participant;
  }

  function react(number: number, index: number, input: () => Input<Value>): Reaction {
    const key = number * ENVELOPES_MAX + index;
    const known = memo.get(key);
    if (known) return known;
    const reaction = compute(number, input());
    memo.set(key, reaction);
    return reaction;
  }

  return {
    start: (node: number) => boot(node, null),
    reboot,
    isFormed: (number: number) => locals.thing(number).genesis.acceptor.formed !== null,
    addressee: (envelope: number) => envelopes.thing(envelope).to,
    isNack: (envelope: number) => envelopes.thing(envelope).message.type === 'nack',
    tick: (number: number) => react(number, TICK, () => ({ type: 'tick', ...atOnce })),
    /** The node meets all others, and takes them for unformed. */
    meet: (number: number) => react(number, MEETING, () => knowledgeOf([...nodeOf.keys()])),
    deliver: (number: number, envelope: number) =>
      react(number, envelope, () => {
        const { from, message } = envelopes.thing(envelope);
        return { type: 'message', from: participant(from).config.nodeId, message, ...atOnce };
      }),
  };
}

function knowledgeOf(nodeIds: readonly string[]): Input<Value> {
  const peers = nodeIds.map((nodeId) => ({ nodeId, reachable: true, formed: false }));
  return { type: 'knowledge', peers, ...atOnce };
}

/** What decides the future of a node. The order in which votes came does not. */
function localKey({ node, genesis }: Local): string {
  const { acceptor, proposer, highestRoundSeen, reachable } = genesis;
  return JSON.stringify([node, acceptor, orderless(proposer), highestRoundSeen, reachable.length]);
}
