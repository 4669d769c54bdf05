import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Replicas } from '../../src/state/replicas.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import { eventually } from '../support/process-poll.ts';
import { openProcessRoom } from '../support/process-room.ts';

/** Half a minute until an agent is dead for sure, then a move of seconds. */
const MOVED_MS = 90_000;
const WHOLE_MS = 120_000;

const room = await openProcessRoom();

afterAll(() => room.close(), 60_000);

async function bodyOf(agent: AgentProcess, name: string) {
  const text = await readFile(join(agent.stateDir, name), 'utf8');
  return JSON.parse(text.split('\n')[1] ?? '');
}

/** Where the replicas are, by the copy of the log on an agent's disk; undefined: where genesis put them. */
async function setOn(agent: AgentProcess): Promise<Replicas | undefined> {
  const { records } = await bodyOf(agent, 'log-copy');
  const found = records.find(({ path }: { path: string }) => path === 'replicas.current');
  return found && JSON.parse(found.text);
}

/** Resolves once no replica is wanted on these, and nothing moves any more. */
function movedOff(lost: readonly string[], agent: AgentProcess): Promise<Replicas> {
  return eventually(
    async () => {
      const set = await setOn(agent);
      const isThere = set?.replicas.some(({ address }) => lost.includes(address)) ?? true;
      return set && set.leaving === null && !isThere ? set : undefined;
    },
    agent.log,
    MOVED_MS,
  );
}

test('the replicas of real agents move to those that live, and an agent that comes back gets none of its own back', async () => {
  const spec = join(room.folder, 'spec.yaml');
  await writeFile(spec, 'replacement: { graceSeconds: 0 }\n');
  const tokenFile = await room.token({ nodes: '4', controlPlanes: '1', spec });
  const numbers = [1, 2, 3, 4];
  const agents = numbers.map((number) => room.start({ tokenFile, number }));
  const [first, ...others] = agents;
  if (!first) throw new Error('there are four agents');
  const { leader } = await first.sees('the whole cluster', (view) => view.whole, WHOLE_MS);
  const { replicas } = await bodyOf(first, 'formed');
  const [lost] = replicas.filter(({ nodeId }: { nodeId: string }) => nodeId !== leader);
  const number = numbers.find((each) => room.address(each) === lost.address) ?? 0;
  const dead = agents[number - 1];
  const [witness] = [first, ...others].filter((each) => each !== dead);
  if (!dead || !witness) throw new Error('there are others');

  // A machine whose kubelet still renews its lease would not be called dead.
  await room.cutPower(dead);
  const set = await movedOff([lost.address], witness);
  expect(new Set(set.replicas.map(({ address }) => address)).size).toBe(3);
  expect(set.generation).toBe(2);

  room.boot(dead);
  const configuration = join(dead.stateDir, 'log', lost.serverName, 'nats.conf');
  const isGone = () =>
    readFile(configuration).then(
      () => undefined,
      () => true as const,
    );
  await eventually(isGone, dead.log, MOVED_MS);
  await dead.sees('the log', ({ phase }) => phase === 'running', WHOLE_MS);
  expect(await setOn(witness)).toEqual(set);
}, 300_000);
