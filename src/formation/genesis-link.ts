import { z } from 'zod';
import { CivitasError, RetryableError } from '../errors.ts';
import type { Log } from '../ports/log.ts';
import type { Peers } from '../ports/peers.ts';
import { genesisRecordSchema } from '../state/genesis-record.ts';
import type { NodeId } from '../state/node-id.ts';
import type { Peer } from './genesis/input.ts';
import { messageSchema } from './genesis/message.ts';
import type { GenesisDriver, GenesisMessage } from './genesis-driver.ts';
import type { Greeter } from './greeter.ts';
import { type Knowledge, noteFormed, noteNoAnswer } from './knowledge.ts';

const message = messageSchema(genesisRecordSchema);
const replies = z.array(message).max(8);

export interface GenesisLinkDeps {
  readonly log: Log;
  readonly peers: Peers;
  readonly greeter: Greeter;
  readonly driver: GenesisDriver;
  /** False when this node's record is of a later epoch than what is being decided. */
  takesPart(): boolean;
}

/**
 * Carries genesis messages between drivers. What the receiver has to say to the sender comes back
 * as the answer to the same request, so that a node which can only dial, and not be dialled, votes.
 */
export function createGenesisLink(
  deps: GenesisLinkDeps,
): (to: NodeId, sent: GenesisMessage) => void {
  const { log, peers, greeter, driver } = deps;

  async function carry(to: NodeId, sent: GenesisMessage): Promise<void> {
    const endpoint = endpointOf(greeter.knowledge(), to);
    if (!endpoint) return;
    const { from, body } = await peers.request({ ...endpoint, nodeId: to }, 'genesis', sent);
    if (sent.type === 'formed') greeter.update((known) => noteFormed(known, from, sent.value));
    for (const reply of replies.parse(body)) {
      for (const next of await driver.receive(from, reply)) send(from, next);
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
    if (!isCounted(greeter.knowledge(), from)) {
      throw new RetryableError(
        'peer.unknown',
        'Say hello first: only nodes with the same token take part in genesis.',
      );
    }
    return deps.takesPart() ? driver.receive(from, message.parse(body)) : [];
  });
  return send;
}

/** A refusal is an answer, too. */
function isSilence(error: unknown): boolean {
  return !(error instanceof CivitasError && error.code === 'peer.refused');
}

/** The others as genesis sees them: those met and those heard of, unless one side refuses the other. */
export function genesisPeers({ peers, heard, refusedBy }: Knowledge): readonly Peer[] {
  const met = [...peers].map(([nodeId, { hello, answers }]) => ({
    nodeId,
    reachable: answers,
    formed: hello.formed !== null,
  }));
  const named = [...heard.keys()].map((nodeId) => ({ nodeId, reachable: false, formed: false }));
  return [...met, ...named].filter(({ nodeId }) => !refusedBy.has(nodeId));
}

function isCounted({ peers, refusedBy }: Knowledge, nodeId: NodeId): boolean {
  return peers.has(nodeId) && !refusedBy.has(nodeId);
}

function endpointOf({ peers, heard }: Knowledge, nodeId: NodeId) {
  return (peers.get(nodeId) ?? heard.get(nodeId))?.endpoint;
}
