import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeerHandler, PeerMethod, Peers } from '../../ports/peers.ts';
import type { Random } from '../../ports/random.ts';
import type { NodeId } from '../../state/node-id.ts';
import { answerOf, asSent } from '../peer-answer.ts';
import type { Life } from './life.ts';

/** Round trips of a LAN; the first one to a peer pays for TCP and TLS. */
const HANDSHAKE_MS = 15;
const ONE_WAY_MS = { least: 0.5, spread: 5 };
const DEADLINE_MS = 5_000;
/** Linux sends a lost segment again after 200 ms, then after twice as long each time. */
const FIRST_RETRANSMIT_MS = 200;

/** How packets fare between all hosts; TCP makes of a lost one a late one. */
export interface LinkQuality {
  /** In [0, 1): chance that one packet is lost. */
  loss: number;
  /** On top of every way. */
  delayMs: number;
}

interface Listener {
  readonly host: string;
  readonly nodeId: NodeId;
  readonly life: Life;
  readonly handlers: Map<PeerMethod, PeerHandler>;
  readonly known: Set<string>;
}

/** Requests between agents in virtual time: bodies are copied as JSON, and what is cut off times out. */
export interface PeerNetwork {
  readonly quality: LinkQuality;
  /** Begins to listen at an address for one life of an agent; a later one there takes its place. */
  attach(who: Pick<Listener, 'host' | 'nodeId' | 'life'>, address: string, clock: Clock): Peers;
}

interface Options {
  readonly random: Random;
  /** Whether packets pass both ways between two hosts. */
  canTalk(from: string, to: string): boolean;
}

export function createPeerNetwork({ random, canTalk }: Options): PeerNetwork {
  const listeners = new Map<string, Listener>();
  const quality: LinkQuality = { loss: 0, delayMs: 0 };

  function oneWayMs(): number {
    let totalMs = ONE_WAY_MS.least + random.number() * ONE_WAY_MS.spread + quality.delayMs;
    for (let wait = FIRST_RETRANSMIT_MS; random.number() < quality.loss; wait *= 2) totalMs += wait;
    return totalMs;
  }

  /** Whoever listens there and runs; a paused process accepts connections and never answers. */
  async function reach(from: Listener, to: string, clock: Clock): Promise<Listener> {
    const wayMs = oneWayMs() + (from.known.has(to) ? 0 : HANDSHAKE_MS);
    await clock.sleep(Math.min(wayMs, DEADLINE_MS));
    const target = listeners.get(to);
    const answers = target && canTalk(from.host, target.host) && !target.life.isPaused();
    if (target && !target.life.isOver() && (!answers || wayMs >= DEADLINE_MS)) {
      await clock.sleep(DEADLINE_MS - Math.min(wayMs, DEADLINE_MS));
      throw new RetryableError('peer.timeout', `${to} did not answer: see what runs there.`);
    }
    if (!target || target.life.isOver()) {
      throw new RetryableError('peer.unreachable', `Nobody is at ${to}: start the agent there.`);
    }
    from.known.add(to);
    return target;
  }

  return {
    quality,
    attach(who, address, clock) {
      const own: Listener = { ...who, handlers: new Map(), known: new Set() };
      listeners.set(address, own);
      return {
        async request(target, method, body) {
          const host = await reach(own, target.address, clock);
          const handler = host.handlers.get(method);
          if (!handler) throw new RetryableError('peer.refused', 'not ready');
          const call = { method, from: own.nodeId, address, body: asSent(body) };
          const reply = await answerInTime(answerOf(handler, call), target.address, clock);
          await clock.sleep(oneWayMs());
          if (host.life.isOver() || !canTalk(own.host, host.host)) {
            const message = `${target.address} was gone before its answer came: it is asked again.`;
            throw new RetryableError('peer.unreachable', message);
          }
          return { from: host.nodeId, body: asSent(reply) };
        },
        serve: (method, handler) => {
          own.handlers.set(method, handler);
        },
      };
    },
  };
}

/** Whoever dies while it works on a request never answers, and nobody waits for it longer than this. */
async function answerInTime(answering: Promise<unknown>, address: string, clock: Clock) {
  const answered = new AbortController();
  const late = clock.sleep(DEADLINE_MS, answered.signal).then(() => {
    if (answered.signal.aborted) return undefined;
    throw new RetryableError('peer.timeout', `${address} did not answer: see what runs there.`);
  });
  try {
    return await Promise.race([answering, late]);
  } finally {
    answered.abort('answered');
  }
}
