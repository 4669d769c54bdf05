import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AgentView } from '../../src/state/agent-view.ts';
import { decodeToken, encodeToken } from '../../src/state/token.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

const AHEAD_MS = 40_000;
/** Loaded into the agent before anything else: its wall clock runs ahead, all else is as it was. */
const CLOCK_AHEAD = `data:text/javascript,const now=Date.now;Date.now=()=>now()+${AHEAD_MS}`;
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

let room: ProcessRoom;
let n1: AgentProcess;
let n2: AgentProcess;
/** By number; each with something of its own that is not right. */
let unwelcome: Readonly<Record<3 | 4 | 5, AgentProcess>>;
let strangers: readonly [AgentProcess, AgentProcess];

/** A token with the key of another one, for a cluster of another size. */
async function otherSpec(tokenFile: string): Promise<string> {
  const token = decodeToken(await readFile(tokenFile, 'utf8'), sha256);
  const file = join(room.folder, 'other-spec');
  await writeFile(file, encodeToken({ ...token, expectedNodes: 7 }, sha256), { mode: 0o600 });
  return file;
}

/** The one file that says who a node is. */
async function copyOf(agent: AgentProcess): Promise<string> {
  const copy = join(room.folder, 'copy');
  await cp(join(agent.stateDir, 'identity'), join(copy, 'identity'));
  return copy;
}

const counts = (...hostnames: string[]) => {
  return ({ peers }: AgentView) => {
    const counted = peers.filter(({ refusal }) => refusal === null);
    return counted.map(({ hostname }) => hostname).join() === hostnames.join();
  };
};

const refusals = ({ peers }: AgentView) => peers.flatMap(({ refusal }) => refusal ?? []);

/** Two good nodes that wait for more, then all the others at once. */
beforeAll(async () => {
  room = await openProcessRoom();
  const tokenFile = await room.token({ nodes: '9' });
  n1 = room.start({ tokenFile, number: 1 });
  n2 = room.start({ tokenFile, number: 2 });
  await Promise.all([n1.sees('n2', counts('n2')), n2.sees('n1', counts('n1'))]);
  const env = { NODE_OPTIONS: `--import "${CLOCK_AHEAD}"` };
  unwelcome = {
    3: room.start({ tokenFile: await otherSpec(tokenFile), number: 3 }),
    4: room.start({ tokenFile, number: 4, hostname: 'n1' }),
    5: room.start({ tokenFile, number: 5, env }),
  };
  const foreign = { tokenFile: await room.token({ nodes: '9' }) };
  strangers = [
    room.start({ ...foreign, number: 7, options: ['--peer', room.address(1)] }),
    room.start({ ...foreign, number: 8 }),
  ];
}, 60_000);

afterAll(() => room.close(), 60_000);

describe('nodes that do not belong to a forming cluster', () => {
  test('are refused by name and reason, and the good ones go on as if they were not there', async () => {
    const view = await n1.sees('all three refused', (seen) => refusals(seen).length === 3);
    expect(refusals(view).sort()).toEqual([
      expect.stringMatching(
        /^The clocks of n5 and this node are (39|40|41) s apart: set both by NTP\.$/,
      ),
      `The host name n1 is already that of node ${view.agent.nodeId}: give this machine another one.`,
      'n3 has a token with the same key but another spec or node count: start every node with the very same token.',
    ]);
    expect(counts('n2')(view)).toBe(true);
    expect(view.summary).toContain('Waiting for 3 more of 9 nodes (2 are here, 5 are needed)');
  }, 60_000);

  test.each([
    { number: 3, told: /n\d has a token with the same key but another spec/ },
    { number: 4, told: /The host name n1 is already that of node/ },
    { number: 5, told: /The clocks of n\d and this node are \d+ s apart/ },
  ] as const)(
    'are told themselves: n$number',
    async ({ number, told }) => {
      const view = await unwelcome[number].sees('why', (seen) => {
        return [seen.summary, ...refusals(seen)].some((sentence) => told.test(sentence));
      });
      expect(view.phase).toBe('forming');
    },
    60_000,
  );

  test('that hold another token are told apart, and neither group counts the other', async () => {
    const [n7, n8] = strangers;
    const address = room.address(1);
    const told = `The agent at ${address}:7946 was started with another cluster token: start both with the same one, or leave them apart.`;
    await n7.sees('whom it called', ({ summary }) => {
      return summary.includes(told) && summary.includes('(2 are here, 5 are needed)');
    });
    for (const agent of [n1, n2, n7, n8]) {
      const { discovery } = await agent.sees('others by mDNS', ({ discovery: [mdns] }) => {
        return /Ignores \d+ nodes? with another token/.test(mdns?.message ?? '');
      });
      expect(discovery[0]).toMatchObject({ name: 'mdns', state: 'ok' });
    }
    await n8.sees('n7 and nobody else', counts('n7'));
    await n1.sees('n2 and nobody else', counts('n2'));
  }, 60_000);

  test('and run from a copied state directory are told, and so is the one they were copied from', async () => {
    const tokenFile = await room.token({ nodes: '9' });
    const [n9, n10] = [room.start({ tokenFile, number: 9 }), room.start({ tokenFile, number: 10 })];
    await Promise.all([n9.sees('n10', counts('n10')), n10.sees('n9', counts('n9'))]);
    const copy = room.start({ tokenFile, number: 11, stateDir: await copyOf(n9) });
    const told = (hostname: string) => {
      const message = `runs twice, here as ${hostname}, from copies of one state directory: empty that of the copy and give its machine a host name and a machine id of its own.`;
      return ({ conditions }: AgentView) =>
        conditions.some((one) => one.message?.endsWith(message));
    };
    await Promise.all([
      n9.sees('its copy', told('n11')),
      n10.sees('the copy', told('n11')),
      copy.sees('what it was copied from', told('n9')),
    ]);
    await n10.sees('n9 as before', counts('n9'));
  }, 60_000);
});
