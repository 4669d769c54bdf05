import { describe, expect, test } from '@jest/globals';
import { RetryableError, TerminalError } from '../../../src/errors.ts';
import type { Durable } from '../../../src/ports/durable.ts';
import { createCopyKeeper, readCopy } from '../../../src/runtime/log/copy-keeper.ts';
import { createVirtualClock } from '../../../src/simulation/virtual-clock.ts';
import type { LogRecord } from '../../../src/state/log-copy.ts';
import { silentLog } from '../../support/silent-log.ts';

const record: LogRecord = { path: 'leadership.current', revision: 1, text: '{}' };

/** A disk of one file, which counts how often it is written. */
function memoryDisk(problem: { error?: Error } = {}) {
  const disk = { file: undefined as unknown, writes: 0 };
  const durable: Durable = {
    async read(_, schema) {
      if (problem.error) throw problem.error;
      return disk.file === undefined ? undefined : schema.parse(disk.file);
    },
    async write(_, value) {
      disk.writes += 1;
      if (problem.error) throw problem.error;
      disk.file = JSON.parse(JSON.stringify(value));
    },
    remove: async () => undefined,
  };
  return { disk, durable };
}

describe('the copy on disk', () => {
  test('is read back by the same log, and is nothing to another epoch', async () => {
    const clock = createVirtualClock();
    const { durable } = memoryDisk();
    const ports = { clock, durable, log: silentLog };
    const keeper = createCopyKeeper('civ-x-e1', ports);
    keeper.start(() => [record]);
    keeper.changed();
    await clock.drive(keeper.stop());
    expect(await readCopy('civ-x-e1', ports)).toEqual([record]);
    expect(await readCopy('civ-x-e2', ports)).toEqual([]);
  });

  test('is written once a second while things change, and never while they do not', async () => {
    const clock = createVirtualClock();
    const { disk, durable } = memoryDisk();
    const keeper = createCopyKeeper('civ-x-e1', { clock, durable, log: silentLog });
    keeper.start(() => [record]);
    await clock.advance(60_000);
    const quiet = disk.writes;
    for (let change = 0; change < 100; change++) {
      keeper.changed();
      await clock.advance(100);
    }
    const busy = disk.writes;
    await clock.advance(600_000);
    expect({ quiet, busy, after: disk.writes }).toEqual({ quiet: 0, busy: 11, after: 11 });
  });

  test('is written when the disk has room again', async () => {
    const clock = createVirtualClock();
    const problem: { error?: Error } = { error: new RetryableError('state.disk-full', 'full') };
    const { disk, durable } = memoryDisk(problem);
    const keeper = createCopyKeeper('civ-x-e1', { clock, durable, log: silentLog });
    keeper.start(() => [record]);
    keeper.changed();
    await clock.advance(30_000);
    delete problem.error;
    await clock.advance(10_000);
    expect(disk.file).toMatchObject({ records: [record] });
  });

  test('that is damaged is as good as none, but a disk that fails is told', async () => {
    const clock = createVirtualClock();
    const read = (error: Error) => {
      const { durable } = memoryDisk({ error });
      return readCopy('civ-x-e1', { clock, durable, log: silentLog });
    };
    expect(await read(new TerminalError('state.corrupted', 'damaged'))).toEqual([]);
    await expect(read(new TerminalError('state.disk', 'EIO'))).rejects.toMatchObject({
      code: 'state.disk',
    });
  });
});
