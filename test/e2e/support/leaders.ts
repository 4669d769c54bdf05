import { sh } from '../../../lab/machine.ts';
import { etcdctl, eventually, viewOf } from './machines.ts';

const LEAD_DEADLINE_MS = 180_000;
const ELECTED_WITHIN_MS = 60_000;
/** nats-server says so in the journal of whoever leads, and nowhere else. */
const LEADS_LOG = "new stream leader for 'CIV > KV_log'";
const REPLICA_UNITS = 'civitas-log-*';

/** Host names of the machines that hold a replica of the log. */
export async function logHolders(machines: readonly string[]): Promise<readonly string[]> {
  const list = ['systemctl', 'list-units', '--plain', '--no-legend', REPLICA_UNITS];
  const units = await Promise.all(machines.map((machine) => sh(machine, list)));
  return machines.filter((_machine, index) => units[index]?.stdout.trim() !== '');
}

/** Host name of the machine whose replica leads the log, by the newest word of any journal. */
export async function logLeader(machines: readonly string[]): Promise<string> {
  return (await newestElection(machines)).machine;
}

/** Kills the replica that leads the log, again and again, until it is the one of this machine that leads. */
export async function leadLog(machine: string, machines: readonly string[]): Promise<void> {
  await eventually(
    async () => {
      const { machine: leader, atSeconds } = await newestElection(machines);
      if (leader === machine) return leader;
      await sh(leader, ['systemctl', 'kill', '--signal=KILL', REPLICA_UNITS]);
      const isNewer = (newest: Election) => newest.atSeconds > atSeconds;
      const newest = () => newestElection(machines);
      return (await eventually(newest, isNewer, ELECTED_WITHIN_MS)).machine;
    },
    (leader) => leader === machine,
    LEAD_DEADLINE_MS,
  );
}

interface Election {
  readonly machine: string;
  readonly atSeconds: number;
}

async function newestElection(machines: readonly string[]): Promise<Election> {
  const find = `journalctl --no-pager -o short-unix | grep "${LEADS_LOG}" | tail -n 1 || true`;
  const words = await Promise.all(
    machines.map(async (machine) => {
      const { stdout } = await sh(machine, ['sh', '-c', find]);
      return { machine, atSeconds: Number(stdout.trim().split(' ')[0]) || 0 };
    }),
  );
  const [newest] = words.toSorted((a, b) => b.atSeconds - a.atSeconds);
  if (!newest || newest.atSeconds === 0) throw new Error('no journal tells who leads the log');
  return newest;
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
  const { stdout } = await etcdctl(machine, 'endpoint', 'status', '--write-out=fields');
  const [own, leader] = [/^"MemberID" : (\d+)$/m, /^"Leader" : (\d+)$/m].map(
    (field) => field.exec(stdout)?.[1],
  );
  return own !== undefined && own === leader;
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
