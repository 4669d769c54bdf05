import { RetryableError } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { PeerHandler, PeerMethod, Peers } from '../../src/ports/peers.ts';
import type { Random } from '../../src/ports/random.ts';
import { answerOf, asSent } from '../../src/simulation/peer-answer.ts';
import type { NodeId } from '../../src/state/node-id.ts';

/** Round trips of a LAN; the first one to a peer pays for TCP and TLS. */
const HANDSHAKE_MS = 15;
const ONE_WAY_MS = { least: 0.5, spread: 5 };
const DEADLINE_MS = 5_000;

interface Host {
  readonly nodeId: NodeId;
  readonly handlers: Map<PeerMethod, PeerHandler>;
  readonly known: Set<string>;
  /** Where the connection that a node opened last comes from: it serves for questions to that node. */
  readonly open: Map<NodeId, string>;
}

/** A network of nodes in virtual time: bodies are copied as JSON, and what is cut off times out. */
export interface SimNetwork {
  /** Starts listening at an address; a later one there takes the place of an earlier. */
  attach(nodeId: NodeId, address: string): Peers;
  detach(address: string): void;
  /** Only nodes of one group reach each other; no groups: all do. */
  partition(...groups: readonly (readonly string[])[]): void;
  /** Somebody listens at both ends, and nothing cuts them off. */
  reaches(from: string, to: string): boolean;
}

export function createSimNetwork(clock: Clock, random: Random): SimNetwork {
  const hosts = new Map<string, Host>();
  let groups: readonly (readonly string[])[] = [];

  const oneWayMs = () => ONE_WAY_MS.least + random.number() * ONE_WAY_MS.spread;
  const isCut = (left: string, right: string) =>
    groups.length > 0 && !groups.some((group) => group.includes(left) && group.includes(right));

  function openTo(source: Host | undefined, nodeId: NodeId | undefined): string | undefined {
    const open = nodeId === undefined ? undefined : source?.open.get(nodeId);
    return open !== undefined && hosts.get(open)?.nodeId === nodeId ? open : undefined;
  }

  async function reach(from: string, endpoint: string, nodeId?: NodeId): Promise<Host> {
    const source = hosts.get(from);
    const to = openTo(source, nodeId) ?? endpoint;
    if (!source?.known.has(to)) await clock.sleep(HANDSHAKE_MS);
    await clock.sleep(oneWayMs());
    if (isCut(from, to)) {
      await clock.sleep(DEADLINE_MS);
      throw new RetryableError('peer.timeout', `${to} is cut off.`);
    }
    const target = hosts.get(to);
    if (!target || hosts.get(from) !== source) {
      throw new RetryableError('peer.unreachable', `Nobody is at ${to}.`);
    }
    source?.known.add(to);
    source?.open.set(target.nodeId, to);
    if (source) target.open.set(source.nodeId, from);
    return target;
  }

  return {
    attach(nodeId, address) {
      const handlers = new Map<PeerMethod, PeerHandler>();
      hosts.set(address, { nodeId, handlers, known: new Set(), open: new Map() });
      return {
        async request(target, method, body) {
          const host = await reach(address, target.address, target.nodeId);
          const handler = host.handlers.get(method);
          if (!handler) throw new RetryableError('peer.refused', 'not ready');
          const reply = await answerOf(handler, {
            method,
            from: nodeId,
            address,
            body: asSent(body),
          });
          await clock.sleep(oneWayMs());
          if (![...hosts.values()].includes(host)) {
            throw new RetryableError('peer.unreachable', 'gone before the answer came');
          }
          return { from: host.nodeId, body: asSent(reply) };
        },
        serve: (method, handler) => {
          handlers.set(method, handler);
        },
      };
    },
    detach: (address) => {
      hosts.delete(address);
    },
    partition: (...next) => {
      groups = next;
    },
    reaches: (from, to) => hosts.has(from) && hosts.has(to) && !isCut(from, to),
  };
}
