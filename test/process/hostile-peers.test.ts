import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeToken } from '../../src/state/token.ts';
import type { AgentProcess } from '../support/process-agent.ts';
import {
  type Attacker,
  attack,
  attackWithKey,
  ONE_GIBIBYTE,
  SLOW_FRAME,
  SLOW_HANDSHAKE,
} from '../support/process-attackers.ts';
import { openProcessRoom, type ProcessRoom } from '../support/process-room.ts';

/** The deadline for a handshake and the one for a message, both 5 s, and what a busy machine adds. */
const LONGEST_MS = 15_000;
/** Some 60 KiB for each connection that is let in; one gigabyte set aside would show. */
const MORE_MIB = 60;
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

let room: ProcessRoom;
let tokenFile: string;
let joinKey: Uint8Array;
let n1: AgentProcess;

beforeAll(async () => {
  room = await openProcessRoom();
  tokenFile = await room.token({ nodes: '5' });
  joinKey = decodeToken(await readFile(tokenFile, 'utf8'), sha256).joinKey;
  n1 = room.start({ tokenFile, number: 1 });
  await n1.sees('what it waits for', ({ summary }) => summary.includes('1 is here'));
}, 60_000);

afterAll(() => room.close(), 60_000);

test('1 GiB prefixes and 360 slow connections, also by a holder of the key, are cut off and keep nobody out', async () => {
  const target = { address: room.address(1), port: 7946 };
  const before = await n1.rssMiB();
  const attackers: readonly Attacker[] = [
    ...(await attackWithKey(target, joinKey, 20, ONE_GIBIBYTE)),
    ...(await attackWithKey(target, joinKey, 20, SLOW_FRAME)),
    ...attack(target, 20, ONE_GIBIBYTE),
    ...attack(target, 300, SLOW_HANDSHAKE),
  ];
  const n2 = room.start({ tokenFile, number: 2 });
  const meets = (hostname: string) => {
    return ({ peers }: { readonly peers: readonly { readonly hostname: string }[] }) =>
      peers.some((peer) => peer.hostname === hostname);
  };
  await Promise.all([n1.sees('n2', meets('n2')), n2.sees('n1', meets('n1'))]);
  expect((await n1.rssMiB()) - before).toBeLessThan(MORE_MIB);

  const enduredMs = await Promise.all(attackers.map((attacker) => attacker.enduredMs));
  expect(Math.max(...enduredMs)).toBeLessThan(LONGEST_MS);
  expect(await n1.view()).toMatchObject({ phase: 'forming', conditions: [] });
}, 60_000);
