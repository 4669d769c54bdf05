import { describe, expect, test } from '@jest/globals';
import { TerminalError } from '../../src/errors.ts';
import { genesisTimings } from '../../src/formation/genesis/config.ts';
import type { Instance } from '../../src/formation/genesis/quorum.ts';
import { createGenesisDriver, type GenesisMessage } from '../../src/formation/genesis-driver.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import { nodeIdOf, recordOf } from './builders.ts';
import { createMemoryDurable, type MemoryDurable } from './memory-durable.ts';

const quiet = () => undefined;
const FIRST: Instance = { epoch: 1, expectedNodes: 3, replaces: null };
const replicas = [1, 2, 3].map(nodeIdOf);
const SECOND: Instance = { ...FIRST, epoch: 2, replaces: { epoch: 1, replicas } };

async function driverOn(durable: MemoryDurable, instance: Instance = FIRST) {
  const fatal: unknown[] = [];
  const formed: GenesisRecord[] = [];
  const driver = await createGenesisDriver({
    clock: createVirtualClock(),
    random: createSeededRandom(1),
    durable,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    config: {
      nodeId: nodeIdOf(1),
      instance,
      timings: genesisTimings,
      propose: () => recordOf(1),
      idOf: ({ clusterId }) => clusterId,
    },
    send: quiet,
    onFormed: async (record) => {
      formed.push(record);
    },
    onForeignRecord: quiet,
    onFatal: (error) => fatal.push(error),
  });
  return { driver, fatal, formed };
}

const prepare: GenesisMessage = {
  type: 'prepare',
  epoch: 1,
  ballot: { round: 1, nodeId: nodeIdOf(2) },
  roll: [nodeIdOf(1), nodeIdOf(2)],
};

const lower: GenesisMessage = {
  ...prepare,
  ballot: { round: 1, nodeId: nodeIdOf(0) },
  roll: [nodeIdOf(0), nodeIdOf(1), nodeIdOf(2)],
};

describe('genesis driver', () => {
  test('a promise is on disk before anybody hears of it', async () => {
    const durable = createMemoryDurable();
    const { driver } = await driverOn(durable);
    const [reply] = await driver.receive(nodeIdOf(2), prepare);
    expect(reply?.type).toBe('promise');
    expect(durable.content('genesis-1')).toMatchObject({
      promised: { round: 1, nodeId: nodeIdOf(2) },
    });
  });

  test('a promise outlives the process', async () => {
    const durable = createMemoryDurable();
    const before = await driverOn(durable);
    await before.driver.receive(nodeIdOf(2), prepare);
    const after = await driverOn(durable);
    const [reply] = await after.driver.receive(nodeIdOf(0), lower);
    expect(reply).toMatchObject({ type: 'nack', promised: { round: 1, nodeId: nodeIdOf(2) } });
  });

  test('what cannot be written is not said, then or later', async () => {
    const durable = createMemoryDurable();
    const { driver, fatal } = await driverOn(durable);
    durable.failure = new TerminalError('state.disk', 'The disk failed.');
    expect(await driver.receive(nodeIdOf(2), prepare)).toEqual([]);
    durable.failure = null;
    expect(await driver.receive(nodeIdOf(2), prepare)).toEqual([]);
    expect(fatal).toEqual([expect.objectContaining({ code: 'state.disk' })]);
  });

  test('a record that was learned is known again after a restart', async () => {
    const durable = createMemoryDurable();
    const { driver, formed } = await driverOn(durable);
    await driver.receive(nodeIdOf(2), { type: 'formed', epoch: 1, value: recordOf(1) });
    expect(formed).toEqual([recordOf(1)]);
    expect((await driverOn(durable)).driver.formed()).toEqual(recordOf(1));
  });
});

describe('genesis driver of a later epoch', () => {
  const asked = { ...prepare, epoch: 2 };

  test('wants the replicas stopped once it gave their log up and is asked for its vote', async () => {
    const { driver } = await driverOn(createMemoryDurable(), SECOND);
    expect([await driver.receive(nodeIdOf(2), asked), driver.fate()]).toEqual([[], 'serve']);
    await driver.tell({ type: 'log-never-formed' });
    expect([await driver.receive(nodeIdOf(2), asked), driver.fate()]).toEqual([[], 'stop']);
  });

  test('has it on disk that they are stopped before it votes, and knows it ever after', async () => {
    const durable = createMemoryDurable();
    const { driver } = await driverOn(durable, SECOND);
    await driver.tell({ type: 'log-never-formed' });
    await driver.receive(nodeIdOf(2), asked);
    await driver.tell({ type: 'replica-stopped', epoch: 1 });
    expect(durable.content('genesis-2')).toMatchObject({ replicasStopped: true, promised: null });
    const again = await driverOn(durable, SECOND);
    expect([driver.fate(), again.driver.fate()]).toEqual(['stay-stopped', 'stay-stopped']);
    const [reply] = await driver.receive(nodeIdOf(2), asked);
    expect(reply?.type).toBe('promise');
  });

  test('lets them serve again when one turned out to hold something', async () => {
    const { driver } = await driverOn(createMemoryDurable(), SECOND);
    await driver.tell({ type: 'log-never-formed' });
    await driver.receive(nodeIdOf(2), asked);
    await driver.tell({ type: 'log-formed' });
    expect([await driver.receive(nodeIdOf(2), asked), driver.fate()]).toEqual([[], 'serve']);
  });

  test('does not promise what it could not write about its replicas', async () => {
    const durable = createMemoryDurable();
    const { driver, fatal } = await driverOn(durable, SECOND);
    await driver.tell({ type: 'log-never-formed' });
    durable.failure = new TerminalError('state.disk', 'The disk failed.');
    await driver.tell({ type: 'replica-stopped', epoch: 1 });
    durable.failure = null;
    expect(await driver.receive(nodeIdOf(2), asked)).toEqual([]);
    expect(fatal).toEqual([expect.objectContaining({ code: 'state.disk' })]);
  });
});
