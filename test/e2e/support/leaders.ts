import { sh } from '../../../lab/machine.ts';
import { etcdctl, eventually, viewOf } from './machines.ts';

const LEAD_DEADLINE_MS = 180_000;
/** nats-server says so in the journal of whoever leads, and nowhere else. */
const LEADS_STREAM = 'new stream leader for';

/** Host name of the machine whose replica leads the log, by the newest word of any journal. */
export async function logLeader(machines: readonly string[]): Promise<string> {
  const command = `journalctl --no-pager -o short-unix | grep '${LEADS_STREAM}' | tail -n 1 || true`;
  const words = await Promise.all(
    machines.map(async (machine) => {
      const { stdout } = await sh(machine, ['sh', '-c', command]);
      return { machine, atSeconds: Number(stdout.trim().split(' ')[0]) || 0 };
    }),
  );
  const [newest] = words.toSorted((a, b) => b.atSeconds - a.atSeconds);
  if (!newest || newest.atSeconds === 0) throw new Error('no journal tells who leads the log');
  return newest.machine;
}

/** Makes the etcd of this control plane the leader. */
export async function leadEtcd(machine: string, planes: readonly string[]): Promise<void> {
  await eventually(
    async () => {
      const { stdout } = await etcdctl(machine, 'member', 'list');
      const id = stdout
        .split('\n')
        .find((line) => line.includes(` ${machine},`))
        ?.split(',')[0];
      for (const plane of planes) await etcdctl(plane, 'move-leader', id ?? '');
      return isEtcdLeader(machine);
    },
    (leads) => leads,
    LEAD_DEADLINE_MS,
  );
}

async function isEtcdLeader(machine: string): Promise<boolean> {
  const { stdout } = await etcdctl(machine, 'endpoint', 'status');
  return stdout.split(', ')[4] === 'true';
}

/** Host name of the machine that leads civitas, as this one knows it. */
export async function civitasLeader(machine: string): Promise<string | undefined> {
  const { leader, nodes } = await viewOf(machine);
  return nodes.find(({ nodeId }) => nodeId === leader)?.hostname;
}

/** Lets whoever leads civitas begin anew, until it is this machine that leads. */
export async function leadCivitas(machine: string): Promise<void> {
  await eventually(
    async () => {
      const leader = await civitasLeader(machine);
      if (leader !== undefined && leader !== machine)
        await sh(leader, ['systemctl', 'restart', 'civitas']);
      return leader;
    },
    (leader) => leader === machine,
    LEAD_DEADLINE_MS,
  );
}
