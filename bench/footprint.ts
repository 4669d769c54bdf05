import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type BenchRoom, openBenchRoom } from './bench-room.ts';
import { type Figure, spread } from './figure.ts';

const SETTLE_MS = 30_000;
const WATCH_MS = 30_000;
const TICKS_PER_SECOND = 100;
const MIB = 1024;
const STARTS_ALONE = 5;

type LogLines = Awaited<ReturnType<BenchRoom['lines']>>;

/** What an agent costs: its start, and memory and CPU once there is nothing to do. */
export async function footprint(): Promise<readonly Figure[]> {
  return [await startAlone(), ...(await wholeCluster())];
}

/** Agents of this machine that start one after another, too few of them to found a cluster. */
async function startAlone(): Promise<Figure> {
  const room = await openBenchRoom(2 * STARTS_ALONE + 1);
  try {
    for (let started = 1; started <= STARTS_ALONE; started += 1) {
      await room.start(1);
      await room.waitFor('agent.listening', started);
    }
    return {
      what: 'agent start: process to listening (alone)',
      measured: spread(startTimes(room, await room.waitFor('agent.listening', STARTS_ALONE))),
      goal: '0.15 s',
      peers: 'bare Node 0.04 s',
    };
  } finally {
    await room.close();
  }
}

/** Three agents of a whole cluster: start to listening, memory, and CPU while nothing happens. */
async function wholeCluster(): Promise<readonly Figure[]> {
  const room = await openBenchRoom(3);
  try {
    await room.start(3);
    const listening = await room.waitFor('agent.listening', 3);
    await room.waitFor('log.answered', 3);
    await delay(SETTLE_MS);
    const pids = room.agents.map(({ child }) => child.pid ?? 0);
    const before = await Promise.all(pids.map(cpuTicks));
    await delay(WATCH_MS);
    const after = await Promise.all(pids.map(cpuTicks));
    const rss = await Promise.all(pids.map(rssMiB));
    const percent = after.map((ticks, index) => {
      return ((ticks - (before[index] ?? 0)) / TICKS_PER_SECOND / (WATCH_MS / 1_000)) * 100;
    });
    return [
      {
        what: 'agent start: process to listening (3 at once)',
        measured: spread(startTimes(room, listening)),
        goal: '0.15 s',
        peers: 'bare Node 0.04 s',
      },
      {
        what: 'memory of an agent (RSS)',
        measured: `${range(rss)} MiB`,
        goal: '60 MiB',
        peers: 'serf 14-15, etcd 44-49, k3s agent 275 MiB',
      },
      {
        what: 'idle CPU of an agent',
        measured: `${range(percent)} %`,
        goal: '0.5 %',
        peers: 'serf 0.24, etcd 1.4-1.6 %',
      },
    ];
  } finally {
    await room.close();
  }
}

function startTimes({ agents }: BenchRoom, listening: LogLines): readonly number[] {
  return agents.map(({ name, spawnedAtMs }) => {
    return (listening.find(({ agent }) => agent === name)?.atMs ?? 0) - spawnedAtMs;
  });
}

function range(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0], sorted[1], sorted[2]].map((value) => (value ?? 0).toFixed(1)).join(' / ');
}

/** User and system time, fields 14 and 15 of proc(5) stat. */
async function cpuTicks(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function rssMiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / MIB;
}
