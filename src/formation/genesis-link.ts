import { z } from 'zod';
import { CivitasError, RetryableError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { Peers } from '../ports/peers.ts';
import { genesisRecordSchema } from '../state/genesis-record.ts';
import { helloSchema } from '../state/hello.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Peer } from './genesis/input.ts';
import { messageSchema } from './genesis/message.ts';
import type { GenesisDriver, GenesisMessage } from './genesis-driver.ts';
import type { Greeter } from './greeter.ts';
import { type Knowledge, noteFormed, noteNoAnswer, targetOf } from './knowledge.ts';

const message = messageSchema(genesisRecordSchema);
/** A life of the sender: a copy of its state directory must not vote in its name. */
const { instance } = helloSchema.shape;
const requestSchema = z.strictObject({ instance, message });
const replySchema = z.strictObject({ instance, messages: z.array(message).max(8) });

export interface GenesisLinkDeps {
  readonly log: Log;
  readonly peers: Peers;
  readonly greeter: Greeter;
  readonly self: { readonly instance: string };
  /** Of one epoch; undefined when this node has no part in it. */
  genesisOf(epoch: number): GenesisDriver | undefined;
  /** Before the driver gets it. */
  overhear(from: NodeId, message: GenesisMessage): Promise<void>;
}

/**
 * Carries genesis messages between drivers. What the receiver has to say to the sender comes back
 * as the answer to the same request, so that a node which can only dial, and not be dialled, votes.
 */
export function createGenesisLink(
  deps: GenesisLinkDeps,
): (to: NodeId, sent: GenesisMessage) => void {
  const { log, peers, greeter, self } = deps;

  async function receive(from: NodeId, told: GenesisMessage): Promise<readonly GenesisMessage[]> {
    await deps.overhear(from, told);
    return (await deps.genesisOf(told.epoch)?.receive(from, told)) ?? [];
  }

  async function carry(to: NodeId, sent: GenesisMessage): Promise<void> {
    const target = targetOf(greeter.knowledge(), to);
    if (!target) return;
    const request = { instance: self.instance, message: sent };
    const { from, body } = await peers.request(target, 'genesis', request);
    const { instance: life, messages } = replySchema.parse(body);
    refuseUncounted(greeter.knowledge(), from, life);
    if (sent.type === 'formed') greeter.update((known) => noteFormed(known, from, sent.value));
    for (const reply of messages) {
      for (const next of await receive(from, reply)) send(from, next);
    }
  }

  /** A message may get lost: who needs an answer asks again. */
  function send(to: NodeId, sent: GenesisMessage): void {
    carry(to, sent).catch((error: unknown) => {
      if (isSilence(error)) greeter.update((known) => noteNoAnswer(known, to));
      log.debug(
        { event: 'genesis.message-lost', to, type: sent.type, err: error },
        'genesis message lost',
      );
    });
  }

  peers.serve('genesis', async ({ from, body }) => {
    const { instance: life, message: told } = requestSchema.parse(body);
    refuseUncounted(greeter.knowledge(), from, life);
    return { instance: self.instance, messages: await receive(from, told) };
  });
  return send;
}

/** A refusal is an answer, too. */
function isSilence(error: unknown): boolean {
  return !(
    error instanceof CivitasError &&
    (error.code === 'peer.refused' || error.code === 'peer.unknown')
  );
}

/** The others as genesis of an epoch sees them: those met and those heard of, unless one side refuses the other. */
export function genesisPeers(
  { peers, heard, refusedBy }: Knowledge,
  epoch: number,
): readonly Peer[] {
  const met = [...peers]
    .filter(([, { hello }]) => !refusedBy.has(hello.instance))
    .map(([nodeId, { hello, answers }]) => ({
      nodeId,
      reachable: answers,
      formed: (hello.formed?.epoch ?? 0) >= epoch,
    }));
  const named = [...heard.keys()].map((nodeId) => ({ nodeId, reachable: false, formed: false }));
  return [...met, ...named];
}

/** RetryableError `peer.unknown` unless the sender is counted, and this life of it. */
function refuseUncounted({ peers, refusedBy }: Knowledge, nodeId: NodeId, life: string): void {
  if (peers.get(nodeId)?.hello.instance === life && !refusedBy.has(life)) return;
  throw new RetryableError(
    'peer.unknown',
    'Say hello first: only nodes with the same token take part in genesis.',
  );
}
