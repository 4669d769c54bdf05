import type { Replica } from '../state/genesis-record.ts';
import { endpoint } from './nats-config.ts';
import type { ReplicaGreeting } from './nats-replica-probe.ts';

interface Findings {
  readonly replicas: readonly Replica[];
  readonly logName: string;
  /** In the order of the replicas; undefined for those that did not answer. */
  readonly greetings: readonly (ReplicaGreeting | undefined)[];
  /** Whether one of them let this agent in. */
  readonly connected: boolean;
  /** What the client said last. */
  readonly reason: string | undefined;
}

/** Why the log does not confirm writes, for people: what answers, what does not, what helps. */
export function sentenceAboutReplicas(findings: Findings): string {
  const { replicas, logName, greetings, connected, reason } = findings;
  const silent = replicas.filter((_, index) => greetings[index] === undefined);
  const foreign = replicas.filter((_, index) => {
    const name = greetings[index]?.logName;
    return name !== undefined && name !== logName;
  });
  const answer = replicas.length - silent.length;
  const start = `waiting for the log: ${answer} of ${replicas.length} replicas answer`;
  if (foreign.length > 0) {
    return `${start}, but at ${places(foreign)} it is the server of another log: stop that one`;
  }
  if (silent.length > 0) return `${start}, nothing at ${places(silent)}: start these machines`;
  const but = connected ? 'they have not agreed on a leader yet' : 'none lets this agent in';
  return `${start}, but ${but}${reason === undefined ? '' : ` (${reason})`}`;
}

function places(replicas: readonly Replica[]): string {
  return replicas
    .map(({ nodeId, address, clientPort }) => `${endpoint(address, clientPort)} (node ${nodeId})`)
    .join(' and ');
}
