import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { enrolmentAuthority } from '../../src/adapters/certificates.ts';
import { openDurableFiles } from '../../src/adapters/durable-files.ts';
import { openIdentity } from '../../src/adapters/identity.ts';
import { createJoinKeyCrypto } from '../../src/adapters/join-key-crypto.ts';
import { openPeers } from '../../src/adapters/peers.ts';
import { createStaticDiscovery } from '../../src/adapters/static-discovery.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { createSystemRandom } from '../../src/adapters/system-random.ts';
import { type Formation, startFormation } from '../../src/formation/formation.ts';
import { createRememberedDiscovery } from '../../src/formation/remembered-discovery.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import { temporaryFolders } from '../adapters/temporary-folder.ts';
import { helloOf, spec } from './builders.ts';

// A second on an idle machine; on a busy one, as long as TLS handshakes take there.
jest.setTimeout(60_000);

const temporaryFolder = temporaryFolders();
const joinKey = new Uint8Array(randomBytes(32));
const clock = createSystemClock();
const random = createSystemRandom();
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

interface Agent {
  readonly address: string;
  readonly port: number;
  readonly formation: Formation;
  stop(): Promise<void>;
}

const running = new Set<Agent>();

afterEach(async () => {
  await Promise.all([...running].map((agent) => agent.stop()));
});

interface Place {
  readonly folder: string;
  /** Where it looks for others, besides where it met them before. */
  readonly seeds: readonly { readonly host: string; readonly port: number }[];
}

/** Agent `number` with everything real: files, TLS and sockets on an address of its own. */
async function start(
  number: number,
  expectedNodes: number,
  { folder, seeds }: Place,
): Promise<Agent> {
  const durable = await openDurableFiles(folder);
  const identity = await openIdentity(durable);
  const address = `127.0.7.${number}`;
  const peers = await openPeers({ joinKey, identity, address, port: 0 });
  const { protocol, formed, record, wallMs, startedWallMs, peers: _, ...facts } = helloOf(number);
  const formation = await startFormation({
    ...{ clock, random, log, durable, peers, expectedNodes, spec },
    crypto: createJoinKeyCrypto(joinKey),
    discovery: [createStaticDiscovery(seeds, clock), createRememberedDiscovery(durable, clock)],
    self: {
      ...facts,
      nodeId: identity.nodeId,
      instance: randomBytes(16).toString('hex'),
      addresses: [address],
      peerPort: peers.port,
    },
  });
  const agent: Agent = {
    address,
    port: peers.port,
    formation,
    async stop() {
      running.delete(agent);
      await formation.stop();
      await peers.close();
    },
  };
  running.add(agent);
  return agent;
}

/** Agents of which each but the first knows the address of the first. */
async function startMany(count: number): Promise<{ agents: Agent[]; folders: string[] }> {
  const folders = await Promise.all(Array.from({ length: count }, () => temporaryFolder()));
  const agents: Agent[] = [];
  for (const [index, folder] of folders.entries()) {
    const seeds = agents.slice(0, 1).map(({ address, port }) => ({ host: address, port }));
    agents.push(await start(index + 1, count, { folder, seeds }));
  }
  return { agents, folders };
}

const formedAll = (agents: readonly Agent[]): Promise<GenesisRecord[]> =>
  Promise.all(agents.map(({ formation }) => formation.formed));

describe('formation over real sockets', () => {
  test.each([3, 5])('founds one cluster of %i nodes', async (count) => {
    const { agents } = await startMany(count);
    const [first, ...others] = await formedAll(agents);
    expect(others).toEqual(others.map(() => first));
    expect(first).toMatchObject({ epoch: 1, expectedNodes: count, spec });
    expect(new Set(first?.replicas.map(({ nodeId }) => nodeId)).size).toBe(3);
    const { certificatePem } = enrolmentAuthority(joinKey, first?.clusterId ?? '');
    expect(first?.enrolmentCa).toBe(certificatePem);
  });

  test('a restarted agent has its record, and finds the others where it met them', async () => {
    const { agents, folders } = await startMany(3);
    const [record] = await formedAll(agents);
    await agents[2]?.stop();
    const again = await start(3, 3, { folder: folders[2] ?? '', seeds: [] });
    expect(await again.formation.formed).toEqual(record);
    while (again.formation.view().peers.length < 2) await clock.sleep(20);
    expect(again.formation.view().alarms).toEqual([]);
  });
});
