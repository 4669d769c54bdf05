import type { Ports } from '../../ports/index.ts';
import type { LogGroups, LogPlaces } from '../../ports/log-peers.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { refuseLostTerm } from '../../state/fencing.ts';
import type { GenesisRecord } from '../../state/genesis-record.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { nodeFacts } from '../../state/node-facts.ts';
import { replicasOf, runningReplicas } from '../../state/replicas.ts';
import { type Sightings, seenForMs, withSightings } from '../../state/sightings.ts';
import type { Action } from './action.ts';
import { asksServers, decide } from './decide.ts';
import type { Observed } from './observed.ts';

/** A removed server that runs on is taken in again after 5 min (nats-server 2.15); it is put out then. */
const STRAYS_EVERY_MS = 120_000;

/**
 * Keeps the log's replicas on three living nodes. One per process: it remembers since when it has
 * seen whom dead. `formed` gives the genesis record as it stands now.
 */
export function createReplicas(formed: () => GenesisRecord): Controller<Observed, Action> {
  let dead: Sightings = new Map();
  let evacuated: ReadonlyMap<string, number> = new Map();
  let askedMs = Number.NEGATIVE_INFINITY;

  /** Asks nobody while there is nothing to do: only after a move now and then, for who came back. */
  async function groupsFor(
    seen: Omit<Observed, 'groups' | 'evacuatedMs'>,
    { clock, logPeers }: Ports,
  ): Promise<LogGroups | undefined> {
    const nowMs = clock.nowMs();
    const isDue = seen.revision > 0 && nowMs - askedMs >= STRAYS_EVERY_MS;
    if (!asksServers(seen) && !(isDue && seen.term !== undefined)) return undefined;
    askedMs = nowMs;
    return logPeers.groups(placesOf(formed(), seen.replicas));
  }

  return {
    name: 'replicas',
    scope: 'leader',
    inputs: ['spec', 'node', 'liveness', 'assignment', 'status', 'request', 'replicas'],
    outputs: ['replicas', 'event'],

    async observe(ports) {
      const { clock, leadership, store } = ports;
      const nowMs = clock.nowMs();
      const livenesses = store.list('liveness');
      const gone = livenesses.filter(({ value }) => value.verdict === 'dead');
      dead = withSightings(
        dead,
        gone.map(({ key }) => key),
        nowMs,
      );
      const entry = store.get('replicas', SINGLETON);
      const spec = store.get('spec', SINGLETON)?.value;
      const seen = {
        term: leadership.term(),
        graceMs: spec && spec.replacement.graceSeconds * 1_000,
        facts: nodeFacts({
          nodes: store.list('node'),
          livenesses,
          statuses: store.list('status'),
          assignments: store.list('assignment'),
          departures: store.list('departure'),
          requests: store.list('request'),
        }),
        deadForMs: new Map([...dead.keys()].map((key) => [key, seenForMs(dead, key, nowMs)])),
        replicas: replicasOf(formed(), entry),
        revision: entry?.revision ?? 0,
      };
      const groups = await groupsFor(seen, ports);
      const ages = [...evacuated].map(([name, atMs]) => [name, clock.nowMs() - atMs] as const);
      return { ...seen, groups, evacuatedMs: new Map(ages) };
    },

    decide,

    async act(action, ports) {
      const { clock, leadership, logPeers, store } = ports;
      refuseLostTerm(action.term, leadership.term());
      const entry = store.get('replicas', SINGLETON);
      const places = placesOf(formed(), replicasOf(formed(), entry));
      switch (action.type) {
        case 'write':
          return write(action, ports);
        case 'evacuate':
          evacuated = new Map(evacuated).set(action.member.serverName, clock.nowMs());
          return logPeers.evacuate(places, action.member);
        case 'lead':
          return logPeers.lead(places, action.serverName);
        case 'remove':
          return logPeers.remove(places, action.member);
      }
    },
  };
}

async function write(action: Extract<Action, { type: 'write' }>, ports: Ports): Promise<void> {
  const { store } = ports;
  const { term, about: nodeId, replicas, ifRevision, reasons } = action;
  const hostname = store.get('node', nodeId)?.value.hostname ?? nodeId;
  const about = { nodeId, hostname };
  const decided = { controller: 'replicas', term, about, operationId: null, reasons };
  await keepEvent(ports, decided, () => store.put('replicas', SINGLETON, replicas, ifRevision));
}

function placesOf({ clusterId, epoch }: GenesisRecord, replicas: Observed['replicas']): LogPlaces {
  return { clusterId, epoch, replicas: runningReplicas(replicas) };
}
