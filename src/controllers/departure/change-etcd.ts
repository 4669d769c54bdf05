import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { isPeerAt } from '../../state/etcd-peer.ts';
import { keepWhatCame, removalReasons } from './because.ts';
import { etcdBeat, removalTroubleOf } from './etcd-removal.ts';
import { knownHealth } from './observe-cluster.ts';
import type { Departing } from './observed.ts';
import { refuseBeat } from './still-asked.ts';

/**
 * Judges by what the members say of themselves right now. Nothing when the member is gone; throws
 * RetryableError `departure.contradiction`, `departure.quorum-at-risk` or, for what etcd refuses,
 * `departure.member-stays`.
 */
export async function removeMember(of: Departing, memberId: string, ports: Ports): Promise<void> {
  const { hostname, addresses } = of;
  const health = await knownHealth(ports);
  refuseBeat(of, etcdBeat(of, health));
  const member = health.members.find(({ id }) => id === memberId);
  if (member === undefined || !isPeerAt(member, addresses)) return;
  const trouble = removalTroubleOf(health, memberId);
  if (trouble !== undefined) {
    throw new RetryableError(
      'departure.quorum-at-risk',
      `the member of ${hostname} was not removed from etcd: ${trouble}`,
    );
  }
  const change = await ports.etcd.removeMember(memberId);
  if (change.outcome === 'done') {
    return keepWhatCame(of, removalReasons(of, member, health), ports);
  }
  throw new RetryableError(
    'departure.member-stays',
    `etcd does not let go of member ${memberId} of ${hostname} (${change.text}): bring the other control planes back if it stays`,
  );
}

/** Throws RetryableError `departure.leader-stays` when etcd refuses. */
export async function moveLeader(toId: string, { etcd }: Ports): Promise<void> {
  const change = await etcd.moveLeader(toId);
  if (change.outcome === 'done') return;
  throw new RetryableError(
    'departure.leader-stays',
    `etcd does not make member ${toId} its leader (${change.text}): it is tried again`,
  );
}
