import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askAgent } from '../src/adapters/local-api-client.ts';
import { agentViewSchema, type NodeView } from '../src/state/agent-view.ts';
import { type BenchRoom, openBenchRoom } from './bench-room.ts';
import { type Figure, spread } from './figure.ts';

const AGENTS = 5;
const ROUNDS = 5;
const LOOK_EVERY_MS = 50;
const LIMIT_MS = 120_000;

type BenchAgent = BenchRoom['agents'][number];
type Liveness = NodeView['liveness'];

/** From the SIGKILL of one of five agents until `civitas status` of each other one shows it. */
export async function detection(): Promise<readonly Figure[]> {
  const room = await openBenchRoom(AGENTS);
  try {
    await room.start(AGENTS);
    const seenMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await allAlive(room);
      seenMs.push(...(await seenAfterKill(room, `n${(round % AGENTS) + 1}`)));
    }
    return [
      {
        what: `kill -9 of one of ${AGENTS} agents: each other one shows it as suspect`,
        measured: spread(seenMs),
        goal: 'max 6 s',
        peers: 'serf 5.8-7.8 s, as failed',
      },
    ];
  } finally {
    await room.close();
  }
}

async function seenAfterKill(room: BenchRoom, victim: string): Promise<readonly number[]> {
  const startMs = performance.now();
  await room.kill(victim);
  const others = room.agents.filter(({ name }) => name !== victim);
  const seen = others.map(async (agent) => {
    await until(async () => (await shownBy(agent)).get(victim) !== 'alive');
    return performance.now() - startMs;
  });
  const seenMs = await Promise.all(seen);
  room.restart(victim);
  return seenMs;
}

async function allAlive({ agents }: BenchRoom): Promise<void> {
  await until(async () => {
    const views = await Promise.all(agents.map(shownBy));
    return views.every((shown) => shown.size === AGENTS && [...shown.values()].every(isAlive));
  });
}

function isAlive(liveness: Liveness): boolean {
  return liveness === 'alive';
}

/** By host name, as that agent knows it; empty while it does not answer. */
async function shownBy({ stateDir }: BenchAgent): Promise<ReadonlyMap<string, Liveness>> {
  const socketPath = join(stateDir, 'agent.sock');
  const view = await askAgent(socketPath, '/v1/status', agentViewSchema).catch(() => undefined);
  return new Map(view?.nodes.map(({ hostname, liveness }) => [hostname, liveness]));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`it did not happen within ${LIMIT_MS} ms`);
    await delay(LOOK_EVERY_MS);
  }
}
