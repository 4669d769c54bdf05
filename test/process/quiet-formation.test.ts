import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentProcess } from '../support/process-agent.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

let room: ProcessRoom;
let agents: readonly AgentProcess[];

/** Two agents of clusters of their own: one that says everything, and one as it comes. */
beforeAll(async () => {
  room = await openProcessRoom();
  const debug = ['--log-level', 'debug'];
  agents = [
    room.start({ tokenFile: await room.token(), number: 1, options: debug }),
    room.start({ tokenFile: await room.token(), number: 2 }),
  ];
  await Promise.all(agents.map((agent) => agent.sees('the whole cluster', ({ whole }) => whole)));
}, 90_000);

afterAll(() => room.close(), 60_000);

/** Each level that the agent wrote, with its events. */
async function eventsByLevel(agent: AgentProcess | undefined): Promise<Map<string, string[]>> {
  const lines = (await agent?.log())?.trim().split('\n') ?? [];
  const entries = lines.map((line): { level: string; event: string } => JSON.parse(line));
  const levels = Map.groupBy(entries, ({ level }) => level);
  return new Map([...levels].map(([level, all]) => [level, all.map(({ event }) => event)]));
}

test('a cluster forms without a warning: what is only waited for is no failure', async () => {
  const events = await Promise.all(agents.map(eventsByLevel));
  expect(events.map((levels) => levels.get('warn') ?? [])).toEqual([[], []]);
  expect(events[0]?.get('debug')).toContain('reconcile.too-early');
});

test('an agent says what it was asked to say, and by default nothing of level debug', async () => {
  const [all, usual] = await Promise.all(agents.map(eventsByLevel));
  expect(all?.get('info')).toContain('genesis.formed');
  expect([...(usual?.keys() ?? [])]).toEqual(['info']);
});
