import { describe, expect, test } from '@jest/globals';
import { TerminalError } from '../../src/errors.ts';
import { genesisTimings } from '../../src/formation/genesis/config.ts';
import { createGenesisDriver, type GenesisMessage } from '../../src/formation/genesis-driver.ts';
import { createSeededRandom } from '../../src/simulation/seeded-random.ts';
import { createVirtualClock } from '../../src/simulation/virtual-clock.ts';
import type { GenesisRecord } from '../../src/state/genesis-record.ts';
import { nodeIdOf, recordOf } from './builders.ts';
import { createMemoryDurable, type MemoryDurable } from './memory-durable.ts';

const quiet = () => undefined;

async function driverOn(durable: MemoryDurable) {
  const fatal: unknown[] = [];
  const formed: GenesisRecord[] = [];
  const driver = await createGenesisDriver({
    clock: createVirtualClock(),
    random: createSeededRandom(1),
    durable,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    config: {
      nodeId: nodeIdOf(1),
      instance: { epoch: 1, expectedNodes: 3, replaces: null },
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
