import type { Invariant } from '../transition-system.ts';
import { brake } from './brake.ts';
import { type Cluster, placesOf } from './cluster.ts';
import type { Deed } from './deed.ts';
import {
  committedStart,
  fenced,
  givenRole,
  lastMaster,
  onceOnly,
  oneInit,
  quorumOfLog,
} from './host-invariants.ts';
import { quorumKept } from './member-invariants.ts';
import type { Rule } from './moment.ts';
import type { Places } from './place.ts';

interface Row {
  readonly id: string;
  readonly says: string;
  readonly rule: Rule;
}

/** Those of the catalogue of invariants that speak of control planes, in its numbering. */
const ROWS: readonly Row[] = [
  { id: 'S2', says: 'kubeadm init never runs for two clusters', rule: oneInit },
  { id: 'S3', says: 'no command starts before the log says so', rule: committedStart },
  { id: 'S4', says: 'no host takes a role but the one it was given', rule: givenRole },
  { id: 'S5', says: 'no change of the control plane costs etcd its quorum', rule: quorumKept },
  { id: 'S10', says: 'no leader is obeyed after a later one', rule: fenced },
  { id: 'S11', says: 'nothing begins while the log has no quorum', rule: quorumOfLog },
  { id: 'S20', says: 'control planes change one at a time, beside whole ones', rule: brake },
  { id: 'S24', says: 'no attempt starts twice, no operation ends twice', rule: onceOnly },
  { id: 'S26', says: 'whoever serves is not reset, nor cleaned before it left', rule: lastMaster },
];

export function clusterInvariants(places: Places): readonly Invariant<Cluster, Deed>[] {
  return ROWS.map(({ id, says, rule }) => ({
    id,
    says,
    brokenBy(cluster, { next, deeds }) {
      if (deeds.length === 0) return undefined;
      return rule({ before: placesOf(places, cluster), after: placesOf(places, next), deeds });
    },
  }));
}
