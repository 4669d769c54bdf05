import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openBenchRoom } from './bench-room.ts';
import { type Figure, spread } from './figure.ts';

const SETTLE_MS = 30_000;
const WATCH_MS = 30_000;
const TICKS_PER_SECOND = 100;
const MIB = 1024;

/** Three agents of a whole cluster: start to listening, memory, and CPU while nothing happens. */
export async function footprint(): Promise<readonly Figure[]> {
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
    const starts = room.agents.map(({ name, spawnedAtMs }) => {
      return (listening.find(({ agent }) => agent === name)?.atMs ?? 0) - spawnedAtMs;
    });
    const percent = after.map((ticks, index) => {
      return ((ticks - (before[index] ?? 0)) / TICKS_PER_SECOND / (WATCH_MS / 1_000)) * 100;
    });
    return [
      {
        what: 'agent start: process to listening (3 at once)',
        measured: spread(starts),
        goal: '0.15 s',
        peers: 'bare Node 0.07 s',
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
