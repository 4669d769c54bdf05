import { isHalfway } from '../../machines/upkeep-progress.ts';
import type { EtcdHealth } from '../../ports/etcd.ts';
import type { Ports } from '../../ports/index.ts';
import { alarmTrouble } from '../../state/etcd-voter.ts';
import { answered } from './answer.ts';
import type { Job } from './job.ts';
import type { Sight } from './observed.ts';

type EtcdOutlook = Pick<Sight, 'etcdTrouble' | 'etcdHeir'>;

/** Whether the member of etcd here may be stopped, looked at as long as it was not yet. */
export async function observeEtcd(ports: Ports, job: Job | undefined): Promise<EtcdOutlook> {
  if (!(await isUndisturbed(ports, job))) return { etcdTrouble: null };
  const health = await answered(ports.etcd.health());
  const etcdTrouble = troubleOf(health);
  const etcdHeir = health && heirOf(health, (await answered(ports.etcd.ownStatus()))?.id);
  return { etcdTrouble, ...(etcdHeir !== undefined && { etcdHeir }) };
}

async function isUndisturbed({ host }: Ports, job: Job | undefined): Promise<boolean> {
  if (!job || !isHalfway(job.progress)) return true;
  const { state } = job.progress;
  // It is stopped there with its kubelet, which is first: whoever comes back goes on with it.
  if (state === 'switching') return (await host.kubeletRunsForMs()) !== undefined;
  return state === 'rendering';
}

/** One of several may be stopped when all answer, and none complains. */
function troubleOf(health: EtcdHealth | undefined): string | null {
  if (!health) return 'etcd has no quorum, or its member here does not answer';
  const alarm = alarmTrouble(health.alarms);
  if (alarm !== undefined) return alarm;
  const silent = health.members.find(({ status }) => !status || status.errors.length > 0);
  if (silent) return `member ${silent.name || silent.id} of etcd does not answer, or is not well`;
  const learner = health.members.find((member) => member.learner);
  return learner ? `member ${learner.name || learner.id} of etcd does not vote yet` : null;
}

/** Who can lead in the place of the member here; undefined while that does not lead, or is alone. */
function heirOf({ members }: EtcdHealth, own: string | undefined): string | undefined {
  const leads = members.some(({ id, status }) => id === own && status?.leaderId === own);
  const others = members.filter(({ id, learner, status }) => id !== own && !learner && status);
  return leads ? others[0]?.id : undefined;
}
