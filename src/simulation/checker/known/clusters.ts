import { logName } from '../../../state/genesis-record.ts';
import type { TraceEntry } from '../../trace/entry.ts';
import type { Known } from './known.ts';

/** The cluster that a run is about: the first one of which a disk still holds the record. */
export function clusterOf({ records }: Known): string | undefined {
  return records.values().next().value?.clusterId;
}

/** Whether this happened in another cluster, which has a log, an etcd and hosts of its own. */
export function isElsewhere(entry: TraceEntry, known: Known): boolean {
  const clusterId = clusterOf(known);
  if (clusterId === undefined) return false;
  switch (entry.type) {
    case 'log.committed':
    case 'log.acknowledged':
    case 'log.delivered':
    case 'log.synced':
    case 'log.quorum':
    case 'log.replicas':
      return !entry.log.startsWith(logName({ clusterId, epoch: 1 }).slice(0, -1));
    case 'etcd.members':
      return entry.members.some(({ host }) => isOther(host, clusterId, known));
    case 'kubernetes.nodes':
      return entry.nodes.some(({ name }) => isOther(name, clusterId, known));
    default:
      return isOther(entry.host, clusterId, known);
  }
}

function isOther(host: string, clusterId: string, { records }: Known): boolean {
  return (records.get(host)?.clusterId ?? clusterId) !== clusterId;
}
