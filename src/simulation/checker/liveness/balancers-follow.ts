import type { Status } from '../../../state/status.ts';
import type { Known } from '../known/known.ts';
import { disturbedHosts } from '../known/orders.ts';
import { isCalmFor, isUpheaval, moment, nameOf } from '../known/questions.ts';
import type { Of } from '../rule.ts';
import { bound, type Debts, owed, paid } from './bound.ts';

const FOLLOW_MS = 1_000;
/** Agents that just began have to reach the log first. */
const CALM_MS = 5_000;
/** Hosts that have a load balancer say so in the journal. */
const BALANCED = /^balancer\.(installed|server-added|file-written)$/;

/** Counted from the status by which a control plane says that it serves. */
export const balancersFollow = bound({
  id: 'L11',
  title: 'Load balancers follow',
  rule: 'While nothing has been wrong for 5 s, every running host that reaches the log has a new control plane in its load balancer within 1 s of its status.',
  hears: ['log.committed', 'world', 'fault.begun', 'agent.ended', 'agent.paused', 'log.quorum'],
  owe(debts, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return serves(entry, known) ? allOwed(debts, entry, known) : debts;
      case 'world': {
        if (isUpheaval(entry)) return [];
        if (!BALANCED.test(entry.event)) return debts;
        return entry.detail
          .split(' ')
          .reduce((all, name) => paid(all, `${entry.host} ${name}`), debts);
      }
      default:
        return [];
    }
  },
});

function serves({ kind, key, value, atMs }: Of<'log.committed'>, known: Known): boolean {
  if (kind !== 'status' || value === null || !isCalmFor(known, CALM_MS, atMs)) return false;
  // Who has an order is left out until it is over.
  if (disturbedHosts(known).includes(nameOf(known, key))) return false;
  const isPlane = known.log.assignment.get(key)?.value.role === 'control-plane';
  return isPlane && (value as Status).phase === 'serving';
}

function allOwed(debts: Debts, { key, atMs }: Of<'log.committed'>, known: Known): Debts {
  const hosts = [...known.balancers]
    .filter(([host, servers]) => !servers.has(key) && known.agents.has(host))
    .map(([host]) => host);
  return hosts.reduce((all, host) => {
    const sentence = `the load balancer of ${host} did not have ${nameOf(known, key)} within 1 s of ${moment(atMs)}, when it began to serve`;
    return owed(all, { key: `${host} ${key}`, dueMs: atMs + FOLLOW_MS, sentence });
  }, debts);
}
