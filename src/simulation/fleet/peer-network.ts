import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeerHandler, PeerMethod, PeerReply, Peers } from '../../ports/peers.ts';
import type { Random } from '../../ports/random.ts';
import type { NodeId } from '../../state/node-id.ts';
import { answerOf, asSent } from '../peer-answer.ts';
import type { Life } from './life.ts';
import { isTooBig, type LinkQuality, perfectLink } from './link-quality.ts';

/** Round trips of a LAN; the first one to a peer pays for TCP and TLS. */
const HANDSHAKE_MS = 15;
const ONE_WAY_MS = { least: 0.5, spread: 5 };
const DEADLINE_MS = 5_000;
/** Linux sends a lost segment again after 200 ms, then after twice as long each time. */
const FIRST_RETRANSMIT_MS = 200;

interface Listener {
  readonly host: string;
  readonly nodeId: NodeId;
  readonly life: Life;
  /** Name of its join key: without the same one nobody is answered. */
  readonly key: string;
  readonly handlers: Map<PeerMethod, PeerHandler>;
  readonly known: Set<string>;
}

/** Requests between agents in virtual time: bodies are copied as JSON, and what is cut off times out. */
export interface PeerNetwork {
  readonly quality: LinkQuality;
  /** Addresses that two machines have: who asks for the first gets whoever listens at the second. */
  readonly rerouted: Map<string, string>;
  /** Begins to listen at an address for one life of an agent; a later one there takes its place. */
  attach(
    who: Pick<Listener, 'host' | 'nodeId' | 'life' | 'key'>,
    address: string,
    clock: Clock,
  ): Peers;
}

interface Options {
  /** Of the network: what was sent is under way also when its sender has died. */
  readonly clock: Clock;
  readonly random: Random;
  /** Whether packets pass both ways between two hosts. */
  canTalk(from: string, to: string): boolean;
}

export function createPeerNetwork(options: Options): PeerNetwork {
  const { random, canTalk } = options;
  const listeners = new Map<string, Listener>();
  const rerouted = new Map<string, string>();
  const quality = perfectLink();

  function oneWayMs(): number {
    let totalMs = ONE_WAY_MS.least + random.number() * ONE_WAY_MS.spread + quality.delayMs;
    for (let wait = FIRST_RETRANSMIT_MS; random.number() < quality.loss; wait *= 2) totalMs += wait;
    return totalMs;
  }

  /** Whoever listens there and runs; a paused process accepts connections and never answers. */
  async function reach(from: Listener, to: string, clock: Clock): Promise<Listener> {
    const wayMs = oneWayMs() + (from.known.has(to) ? 0 : HANDSHAKE_MS);
    await clock.sleep(Math.min(wayMs, DEADLINE_MS));
    const target = listeners.get(rerouted.get(to) ?? to);
    const answers = target && canTalk(from.host, target.host) && !target.life.isPaused();
    if (target && !target.life.isOver() && (!answers || wayMs >= DEADLINE_MS)) {
      await clock.sleep(DEADLINE_MS - Math.min(wayMs, DEADLINE_MS));
      throw timeout(to);
    }
    if (!target || target.life.isOver()) {
      throw new RetryableError('peer.unreachable', `Nobody is at ${to}: start the agent there.`);
    }
    assertSameKey(from, target, to);
    from.known.add(to);
    return target;
  }

  /** Pings are most of all requests: on a sound link whoever is there answers without a timer. */
  function pinged(from: Listener, to: string, address: string): Promise<PeerReply> | undefined {
    const target = listeners.get(rerouted.get(to) ?? to);
    const handler = target?.handlers.get('ping');
    if (!target || !handler || !isNear(from, target, to)) return undefined;
    const { nodeId } = target;
    return handler({ method: 'ping', from: from.nodeId, address, body: null }).then((body) => {
      return { from: nodeId, body: asSent(body) };
    });
  }

  function isNear(from: Listener, target: Listener, to: string): boolean {
    const isSound = quality.loss === 0 && quality.delayMs === 0 && from.known.has(to);
    const answers = !target.life.isOver() && !target.life.isPaused() && target.key === from.key;
    return isSound && answers && canTalk(from.host, target.host);
  }

  /** A request that its sender gave up and sent again: the first one comes late, and nobody waits for the answer. */
  async function arriveAgain({ life }: Listener, handle: () => Promise<unknown>): Promise<void> {
    if (random.number() >= quality.doubled) return;
    await options.clock.sleep(random.number() * DEADLINE_MS);
    if (life.isOver()) return;
    await life.turn();
    // Whoever sent it hears of it neither way.
    await handle().catch(() => undefined);
  }

  function assertThere(from: Listener, host: Listener, address: string): void {
    if (!host.life.isOver() && canTalk(from.host, host.host)) return;
    const message = `${address} was gone before its answer came: it is asked again.`;
    throw new RetryableError('peer.unreachable', message);
  }

  function fits(body: unknown): boolean {
    const isBounded = quality.mostBytes < Number.POSITIVE_INFINITY;
    return !isBounded || !isTooBig(JSON.stringify(body), quality);
  }

  return {
    quality,
    rerouted,
    attach(who, address, clock) {
      const own: Listener = { ...who, handlers: new Map(), known: new Set() };
      listeners.set(address, own);

      async function asked(to: string, method: PeerMethod, body: unknown): Promise<PeerReply> {
        const host = await reach(own, to, clock);
        const handler = host.handlers.get(method);
        if (!handler) throw new RetryableError('peer.refused', 'not ready');
        if (!fits(body)) return unanswered(to, clock);
        const call = { method, from: own.nodeId, address, body: asSent(body) };
        if (quality.doubled > 0) void arriveAgain(host, () => answerOf(handler, call));
        const reply = await answerInTime(answerOf(handler, call), to, clock);
        if (!fits(reply)) return unanswered(to, clock);
        await clock.sleep(oneWayMs());
        assertThere(own, host, to);
        return { from: host.nodeId, body: asSent(reply) };
      }

      return {
        request(target, method, body) {
          const pong = method === 'ping' ? pinged(own, target.address, address) : undefined;
          return pong ?? asked(target.address, method, body);
        },
        serve: (method, handler) => {
          own.handlers.set(method, handler);
        },
      };
    },
  };
}

function assertSameKey(from: Listener, target: Listener, address: string): void {
  if (target.key === from.key) return;
  const message = `${address} holds another join key: give both one token, or leave them apart.`;
  throw new RetryableError('peer.foreign-key', message);
}

async function unanswered(address: string, clock: Clock): Promise<never> {
  await clock.sleep(DEADLINE_MS);
  throw timeout(address);
}

function timeout(address: string): RetryableError {
  return new RetryableError('peer.timeout', `${address} did not answer: see what runs there.`);
}

/** Whoever dies while it works on a request never answers, and nobody waits for it longer than this. */
async function answerInTime(answering: Promise<unknown>, address: string, clock: Clock) {
  let answered = false;
  const late = clock.sleep(DEADLINE_MS).then(() => {
    if (answered) return undefined;
    throw timeout(address);
  });
  try {
    return await Promise.race([answering, late]);
  } finally {
    answered = true;
  }
}
