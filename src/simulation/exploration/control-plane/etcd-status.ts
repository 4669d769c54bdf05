import type { EtcdMemberStatus } from '../../../ports/etcd.ts';

/** What a member says that hears its leader and complains of nothing; numbers tell nothing here. */
export function wellStatus(id: string, leaderId: string): EtcdMemberStatus {
  const numbers = { raftTerm: 1, raftIndex: 1, revision: 1, databaseBytes: 1 };
  return { ...numbers, id, leaderId, version: '', errors: [] };
}
