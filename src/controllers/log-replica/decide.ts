import type { Replica } from '../../state/genesis-record.ts';
import { isOfLog, recordFor, runningReplicas } from '../../state/replicas.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { firstElection } from './first-election.ts';
import type { Observed } from './observed.ts';

/** How soon a node that calls no election sees that the log will not come. */
const WATCH_MS = 1_000;

/** Stops come first: a replica of an older epoch may hold the ports of its successor. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { self, record, fate, servers, replicas } = observed;
  const founded = record.replicas.filter(({ nodeId }) => nodeId === self);
  // Also those that do not run: a service manager may bring them back.
  if (fate === 'stop') {
    return [{ type: 'retire', epoch: record.epoch, serverNames: names(founded) }];
  }
  const own = runningReplicas(replicas).filter(({ nodeId }) => nodeId === self);
  const serving = fate === 'serve' ? own : [];
  const changes = [
    ...partings(serving, observed),
    ...starts(serving, observed),
    ...refreshes(serving, observed),
  ];
  if (changes.length > 0) return changes;
  const waiting = doubt(serving, observed) ?? problemOf(servers, names(serving));
  return waiting ? [{ type: 'requeue', afterMs: WATCH_MS, waiting }] : firstElection(observed);
}

/**
 * An older copy of the log than the one that had a replica started lacks it: whether one of this log
 * lost its place, only the log itself says.
 */
function partings(
  serving: readonly Replica[],
  { fate, record, servers, word }: Observed,
): readonly Action[] {
  const others = servers.filter(({ serverName }) => !names(serving).includes(serverName));
  return others.flatMap(({ serverName, running }): readonly Action[] => {
    const mayBeMissed = fate === 'serve' && isOfLog(serverName, record);
    if (mayBeMissed) return word === 'log' ? [{ type: 'discard', serverName }] : [];
    return running ? [{ type: 'stop', serverName }] : [];
  });
}

function starts(serving: readonly Replica[], observed: Observed): readonly Action[] {
  const { record, replicas, servers, word } = observed;
  return idle(serving, observed).flatMap((replica): readonly Action[] => {
    const ranBefore = names(servers).includes(replica.serverName);
    // It may have lost its place while this machine was off, and must not come back.
    if (ranBefore && word === 'copy') return [];
    const type = ranBefore ? 'resume' : 'start';
    return [{ type, replica, record: recordFor(replica, replicas, record) }];
  });
}

function refreshes(serving: readonly Replica[], observed: Observed): readonly Action[] {
  const { record, replicas, toldGeneration, word } = observed;
  const { generation } = replicas;
  if (word === 'copy' || generation === (toldGeneration ?? 0)) return [];
  const told = serving.map((replica) => {
    return { replica, record: recordFor(replica, replicas, record) };
  });
  return [{ type: 'refresh', generation, told }];
}

function doubt(serving: readonly Replica[], observed: Observed) {
  const [replica] = idle(serving, observed);
  if (!replica) return undefined;
  const message = `waiting for the log, or another machine with a replica of it, to say that ${replica.serverName} still is one: start these machines; after a minute without them it is started`;
  return { reason: 'replica-unconfirmed', message };
}

function idle(serving: readonly Replica[], { servers }: Observed): readonly Replica[] {
  const running = names(servers.filter((server) => server.running));
  return serving.filter(({ serverName }) => !running.includes(serverName));
}

/** The first that keeps a replica which should serve from doing so. */
function problemOf(servers: Observed['servers'], serving: readonly string[]) {
  return servers.find(({ serverName, problem }) => problem && serving.includes(serverName))
    ?.problem;
}

function names(servers: readonly { readonly serverName: string }[]): readonly string[] {
  return servers.map(({ serverName }) => serverName);
}
