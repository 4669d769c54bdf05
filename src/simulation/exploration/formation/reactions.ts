import type { Effect } from '../../../formation/genesis/effect.ts';
import type { Input } from '../../../formation/genesis/input.ts';
import { startGenesis } from '../../../formation/genesis/state.ts';
import { step } from '../../../formation/genesis/step.ts';
import { createInterner } from '../interner.ts';
import { memoised } from '../memo.ts';
import {
  AT_ONCE,
  configOf,
  type Envelope,
  everybody,
  type Formation,
  nodeIdOf,
  type Participant,
  participantKey,
  type Value,
} from './participant.ts';
import {
  type Cuts,
  isCut,
  type RenamedThings,
  type Renaming,
  renamedEnvelope,
  renamedParticipant,
} from './renaming.ts';

/** What one step of one node does; participants and envelopes by number. */
export interface Reaction {
  readonly before: number;
  readonly next: number;
  readonly sent: readonly number[];
  /** The record that became known here, by its id. */
  readonly announced: string | null;
  readonly isNoop: boolean;
  /** What a crash in the middle leaves, where the driver sends before it writes. */
  readonly torn: { readonly next: number; readonly sent: readonly number[] } | null;
}

export type Reactions = ReturnType<typeof createReactions>;

const ENVELOPES_MAX = 1 << 16;
const RENAMINGS_MAX = 120;

/** The real `step` of every node, computed once for each state and input that differ. */
export function createReactions(
  nodes: number,
  { rules, inOrder, isDurable }: Formation,
  { renamings, cuts }: { readonly renamings: readonly Renaming[]; readonly cuts: Cuts },
) {
  const participants = createInterner<Participant>(participantKey);
  const envelopes = createInterner<Envelope>((envelope) => JSON.stringify(envelope));

  const reboot = memoised((number: number) => {
    const { node, genesis } = participants.thing(number);
    return boot(node, isDurable ? genesis.acceptor : null);
  });
  const tick = memoised((number: number) => react(number, { type: 'tick', ...AT_ONCE }));
  const deliver = memoised((key: number) => {
    const { from, message } = envelopes.thing(key % ENVELOPES_MAX);
    const input = { type: 'message', from: nodeIdOf(from), message, ...AT_ONCE } as const;
    return react(Math.floor(key / ENVELOPES_MAX), input);
  });

  const renamed: RenamedThings = {
    participant: memoisedTwice((number, renaming) =>
      participants.numberOf(
        renamedParticipant(participants.thing(number), renamings[renaming] ?? []),
      ),
    ),
    envelope: memoisedTwice((number, renaming) =>
      envelopes.numberOf(renamedEnvelope(envelopes.thing(number), renamings[renaming] ?? [])),
    ),
  };

  /** By both; there are fewer renamings than that. */
  function memoisedTwice(answer: (number: number, renaming: number) => number) {
    const known = memoised((key: number) => {
      return answer(Math.floor(key / RENAMINGS_MAX), key % RENAMINGS_MAX);
    });
    return (number: number, renaming: number) => known(number * RENAMINGS_MAX + renaming);
  }

  function boot(node: number, stored: Participant['genesis']['acceptor'] | null): number {
    const config = configOf(node, nodes);
    const { state } = step(config, startGenesis(config, stored, 0), everybody(nodes), rules);
    return participants.numberOf({ node, genesis: state });
  }

  function react(number: number, input: Input<Value>): Reaction {
    const { node, genesis } = participants.thing(number);
    const result = step(configOf(node, nodes), genesis, input, rules);
    const effects = inOrder(result.effects);
    const next = participants.numberOf({ node, genesis: result.state });
    const formed = effects.find((effect) => effect.type === 'formed');
    const sentEarly = sends(node, effects.slice(0, Math.max(0, effects.findIndex(isWrite))));
    return {
      before: number,
      next,
      sent: sends(node, effects),
      announced: formed?.value.id ?? null,
      isNoop: next === number && effects.length === 0,
      torn: sentEarly.length > 0 ? { next: reboot(number), sent: sentEarly } : null,
    };
  }

  function sends(node: number, effects: readonly Effect<Value>[]): readonly number[] {
    return effects.flatMap((effect) => {
      if (effect.type !== 'send') return [];
      const { message } = effect;
      const to = Number(effect.to.slice(1)) - 1;
      if (isCut(cuts, node, to)) return [];
      // Who hands over the record makes no difference: one sender stands for all.
      const from = message.type === 'formed' ? Number(to === 0) : node;
      return [envelopes.numberOf({ from, to, message })];
    });
  }

  return {
    participant: participants.thing,
    envelope: envelopes.thing,
    renamed,
    start: (node: number) => boot(node, null),
    reboot,
    /** The first tick gives up a running ballot, the next one opens another. */
    openBallot(number: number): Reaction {
      const first = tick(number);
      return first.sent.length > 0 || first.next === number ? first : tick(first.next);
    },
    deliver: (number: number, envelope: number) => deliver(number * ENVELOPES_MAX + envelope),
    isFormed: (number: number) => participants.thing(number).genesis.acceptor.formed !== null,
  };
}

function isWrite({ type }: Effect<Value>): boolean {
  return type === 'persist';
}
