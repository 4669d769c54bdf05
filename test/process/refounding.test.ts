import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { AgentView } from '../../src/state/agent-view.ts';
import { openProcessRoom } from '../support/process-room.ts';

/** A replica's host is given up after a minute; then come two stops, a ballot, a log, and kubeadm. */
const ANEW_MS = 120_000;
/** It runs and serves nobody, like a server on a disk that hangs. */
const DEAF_SERVER = `#!/bin/sh
if [ "$1" = --version ]; then echo "nats-server: v2.15.1"; else exec sleep 3600; fi
`;

const room = await openProcessRoom();

afterAll(() => room.close(), 60_000);

/** An environment in which no replica ever answers. */
async function deafEnvironment(): Promise<NodeJS.ProcessEnv> {
  const folder = join(room.folder, 'deaf');
  await mkdir(folder);
  await writeFile(join(folder, 'nats-server'), DEAF_SERVER, { mode: 0o755 });
  return { PATH: `${folder}:${process.env['PATH']}` };
}

async function recordIn(stateDir: string) {
  const [, body = ''] = (await readFile(join(stateDir, 'formed'), 'utf8')).split('\n');
  return JSON.parse(body);
}

const isConnecting = ({ phase }: AgentView) => phase === 'connecting';
const works = ({ phase, controlPlanes }: AgentView) =>
  phase === 'running' && controlPlanes.serving === 1;

test('two of three machines go on with a new log when the third dies before the first one came up', async () => {
  const tokenFile = await room.token({ nodes: '3', controlPlanes: '1' });
  const n1 = room.start({ tokenFile, number: 1 });
  const n2 = room.start({ tokenFile, number: 2 });
  const n3 = room.start({ tokenFile, number: 3, env: await deafEnvironment() });
  const [before] = await Promise.all(
    [n1, n2, n3].map((node) => node.sees('a record', isConnecting)),
  );
  const first = await recordIn(n1.stateDir);
  expect(first).toMatchObject({ clusterId: before?.clusterId, epoch: 1 });
  expect(new Set(first.replicas.map(({ address }: { address: string }) => address)).size).toBe(3);
  await n3.kill();

  const [after] = await Promise.all(
    [n1, n2].map((node) => node.sees('a log that works', works, ANEW_MS)),
  );
  expect(after).toMatchObject({ clusterId: first.clusterId, epoch: 2 });
  const second = await recordIn(n1.stateDir);
  expect(second).toEqual({
    ...first,
    epoch: 2,
    replicas: expect.anything(),
    firstControlPlane: expect.anything(),
  });
  const addresses = second.replicas.map(({ address }: { address: string }) => address);
  expect(addresses).toHaveLength(3);
  expect(new Set(addresses)).toEqual(new Set([room.address(1), room.address(2)]));

  const back = room.start({ tokenFile, number: 3 });
  const whole = await back.sees('the whole cluster', (view) => view.whole, ANEW_MS);
  expect(whole).toMatchObject({ clusterId: first.clusterId, epoch: 2 });
  expect(whole.nodes.map(({ hostname }) => hostname)).toEqual(['n1', 'n2', 'n3']);
}, 360_000);
