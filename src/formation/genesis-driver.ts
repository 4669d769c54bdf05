import type { Clock } from '../ports/clock.ts';
import type { Durable } from '../ports/durable.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { type GenesisRecord, genesisRecordSchema } from '../state/genesis-record.ts';
import type { ReplicaFate } from '../state/log-report.ts';
import type { NodeId } from '../state/node-id.ts';
import { acceptorSchema } from './genesis/acceptor.ts';
import type { GenesisConfig } from './genesis/config.ts';
import type { Effect } from './genesis/effect.ts';
import type { Happening, Input, Peer } from './genesis/input.ts';
import type { Message } from './genesis/message.ts';
import { startGenesis } from './genesis/state.ts';
import { step } from './genesis/step.ts';
import { type Waiting, whyWaiting } from './genesis/why-waiting.ts';
import { writeUntilRoom } from './write-until-room.ts';

export interface GenesisDriverDeps {
  readonly clock: Clock;
  readonly durable: Durable;
  readonly log: Log;
  readonly random: Random;
  readonly config: GenesisConfig<GenesisRecord>;
  send(to: NodeId, message: GenesisMessage): void;
  /** It is on disk. */
  onFormed(record: GenesisRecord): Promise<void>;
  onForeignRecord(from: NodeId, record: GenesisRecord): void;
  /** What was to be written could not be: this process may not go on. */
  onFatal(error: unknown): void;
}

export type GenesisMessage = Message<GenesisRecord>;

/** What became of the log that this genesis would replace. */
type LogHappening = Extract<
  Happening<GenesisRecord>,
  { readonly type: 'log-never-formed' | 'log-formed' | 'replica-stopped' }
>;

type InputAt = (at: { readonly nowMs: number; readonly random: number }) => Input<GenesisRecord>;

/** Runs the pure genesis on this node's disk, clock and network. */
export interface GenesisDriver {
  tick(): Promise<void>;
  know(peers: readonly Peer[]): Promise<void>;
  /** Resolves once what follows from it is on disk. */
  tell(happening: LogHappening): Promise<void>;
  /** Resolves to what is to be told to the sender; everything that binds this node is on disk then. */
  receive(from: NodeId, message: GenesisMessage): Promise<readonly GenesisMessage[]>;
  /** The record that this node learned before it was started, or since. */
  formed(): GenesisRecord | undefined;
  waiting(): Waiting | undefined;
  /** What is to become of this node's replicas of the log that this genesis would replace. */
  fate(): ReplicaFate;
}

/** Name of the file with the acceptor of an epoch. */
function acceptorFile(epoch: number): string {
  return `genesis-${epoch}`;
}

/** Reads what this node promised before. Rejects like `Durable.read`. */
export async function createGenesisDriver(deps: GenesisDriverDeps): Promise<GenesisDriver> {
  const { clock, durable, random, config } = deps;
  const file = acceptorFile(config.instance.epoch);
  const stored = await durable.read(file, acceptorSchema(genesisRecordSchema));
  let state = startGenesis(config, stored ?? null, clock.nowMs());
  let inTurn: Promise<unknown> = Promise.resolve();
  let isDead = false;

  /** One input after the other: its effects are done before the next is looked at. */
  function feed(inputAt: InputAt, replyTo?: NodeId): Promise<readonly GenesisMessage[]> {
    const turn = inTurn.then(() => (isDead ? [] : take(inputAt, replyTo)));
    inTurn = turn;
    return turn;
  }

  async function take(inputAt: InputAt, replyTo?: NodeId): Promise<readonly GenesisMessage[]> {
    try {
      const input = inputAt({ nowMs: clock.nowMs(), random: random.number() });
      const result = step(config, state, input);
      state = result.state;
      return await performAll(result.effects, replyTo);
    } catch (error) {
      isDead = true;
      deps.onFatal(error);
      return [];
    }
  }

  async function performAll(effects: readonly Effect<GenesisRecord>[], replyTo?: NodeId) {
    const replies: GenesisMessage[] = [];
    for (const effect of effects) {
      if (effect.type === 'send' && effect.to === replyTo) replies.push(effect.message);
      else await perform(effect, deps, file);
    }
    return replies;
  }

  return {
    tick: async () => {
      await feed((at) => ({ type: 'tick', ...at }));
    },
    know: async (peers) => {
      await feed((at) => ({ type: 'knowledge', peers, ...at }));
    },
    tell: async (happening) => {
      await feed((at) => ({ ...happening, ...at }));
    },
    receive: (from, message) => feed((at) => ({ type: 'message', from, message, ...at }), from),
    formed: () => state.acceptor.formed?.value,
    waiting: () => whyWaiting(config, state, clock.nowMs()),
    fate() {
      if (state.acceptor.replicasStopped) return 'stay-stopped';
      return state.stopRequested ? 'stop' : 'serve';
    },
  };
}

async function perform(effect: Effect<GenesisRecord>, deps: GenesisDriverDeps, file: string) {
  switch (effect.type) {
    case 'persist':
      return writeUntilRoom(deps, file, effect.acceptor);
    case 'send':
      return deps.send(effect.to, effect.message);
    case 'formed':
      return deps.onFormed(effect.value);
    case 'foreign-record':
      return deps.onForeignRecord(effect.from, effect.value);
    case 'stop-replica':
      return undefined; // whoever runs the replicas asks for their fate
  }
}
