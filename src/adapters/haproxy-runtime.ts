import { RetryableError } from '../errors.ts';
import type { BalancerServer, BalancerView } from '../ports/balancer.ts';
import type { Clock } from '../ports/clock.ts';
import { HAPROXY_BACKEND, parseEndpoint, serverWords } from './haproxy-config.ts';
import { askSocket } from './unix-socket.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1_048_576;
/** Time for short requests to end by themselves before a removal cuts what is left. */
const DRAIN_MS = 500;
const REMOVAL_TIMEOUT_MS = 5_000;
const POLL_MS = 20;
const SHOW_SERVERS = `show stat ${HAPROXY_BACKEND} 4 -1`;

/** HAProxy's Runtime API: rejects with RetryableError `balancer.refused` when it will not. */
export interface HaproxyRuntime {
  /** Undefined when no process answers. */
  servers(): Promise<BalancerView['servers'] | undefined>;
  /** The server gets its first connection only after its first good check. */
  add(server: BalancerServer): Promise<void>;
  /**
   * Nothing when it is gone already. New connections go elsewhere at once; those that this server
   * still has half a second later are cut, of no other server any.
   */
  remove(name: string): Promise<void>;
}

export function createHaproxyRuntime(socketPath: string, clock: Clock): HaproxyRuntime {
  const ask = (command: string) =>
    askSocket(socketPath, `${command}\n`, ANSWER_TIMEOUT_MS, MAX_ANSWER_BYTES);
  const told = async (command: string) => {
    const answer = await ask(command);
    if (answer !== undefined) return answer.trim();
    throw new RetryableError(
      'balancer.not-running',
      'HAProxy does not run on this node: it is started in the next pass.',
    );
  };

  async function untilIdle(name: string, withinMs: number): Promise<void> {
    const deadlineMs = clock.nowMs() + withinMs;
    while (clock.nowMs() < deadlineMs) {
      const rows = parseStat(await told(SHOW_SERVERS));
      if (!rows.some((row) => row.name === name && row.sessions > 0)) return;
      await clock.sleep(POLL_MS);
    }
  }

  async function remove(name: string): Promise<void> {
    const server = `${HAPROXY_BACKEND}/${name}`;
    const answer = await told(`set server ${server} state drain`);
    if (/no such server/i.test(answer)) return;
    await untilIdle(name, DRAIN_MS);
    await told(`set server ${server} state maint`);
    const deadlineMs = clock.nowMs() + REMOVAL_TIMEOUT_MS;
    while (clock.nowMs() < deadlineMs) {
      await told(`shutdown sessions server ${server}`);
      if (/server deleted/i.test(await told(`del server ${server}`))) return;
      await clock.sleep(POLL_MS);
    }
    throw new RetryableError(
      'balancer.refused',
      `HAProxy does not let go of server ${name}: run \`systemctl restart civitas-haproxy\` if it stays.`,
    );
  }

  async function add(server: BalancerServer): Promise<void> {
    const command = `add server ${HAPROXY_BACKEND}/${serverWords(server)}`;
    let answer = await told(command);
    if (/already exists/i.test(answer)) {
      await remove(server.name);
      answer = await told(command);
    }
    if (!/registered/i.test(answer)) {
      const message = `HAProxy does not take server ${server.name} (${answer.trim().slice(0, 300)}): run \`systemctl restart civitas-haproxy\` if it stays.`;
      throw new RetryableError('balancer.refused', message);
    }
    const name = `${HAPROXY_BACKEND}/${server.name}`;
    // A server counts as up when it is enabled, so it is marked down in the same breath.
    await told(`enable health ${name}; enable server ${name}; set server ${name} health down`);
  }

  return {
    servers: async () => {
      const table = await ask(SHOW_SERVERS);
      return table === undefined ? undefined : parseStat(table).filter(isEnabled).map(toServer);
    },
    add,
    remove,
  };
}

type Row = BalancerView['servers'][number] & {
  readonly status: string;
  readonly sessions: number;
};

/** The CSV of `show stat` for servers (type 4); none of the columns read here is ever quoted. */
export function parseStat(table: string): readonly Row[] {
  const [header = '', ...lines] = table.trim().split('\n');
  const columns = header.replace(/^# /, '').split(',');
  return lines
    .map((line) => line.split(','))
    .map((cells) => (column: string) => cells[columns.indexOf(column)] ?? '')
    .map((cell) => ({
      name: cell('svname'),
      ...parseEndpoint(cell('addr')),
      preferred: cell('bck') === '0',
      up: cell('status').startsWith('UP'),
      status: cell('status'),
      sessions: Number(cell('scur')),
    }));
}

/** One that an interrupted `add` or `remove` left behind counts as absent, so that it is done again. */
function isEnabled({ status }: Row): boolean {
  return !/^(MAINT|DRAIN)/.test(status);
}

function toServer({ status: _, sessions: __, ...server }: Row): BalancerView['servers'][number] {
  return server;
}
