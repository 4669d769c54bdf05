import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogOutput } from '../../src/adapters/log-output.ts';
import { makeFullPipe } from '../support/process-full-pipe.ts';
import { eventually } from '../support/process-poll.ts';
import { temporaryFolders } from './temporary-folder.ts';

const MIB = 1_048_576;
const newFolder = temporaryFolders();
const open: number[] = [];

afterEach(() => {
  for (const fd of open.splice(0)) closeSync(fd);
});

/** A full pipe with somebody who writes to it, and the way to read it. */
async function fullPipe() {
  const pipe = makeFullPipe(join(await newFolder(), 'pipe'));
  const fd = openSync(pipe.path, constants.O_WRONLY);
  const reader = openSync(pipe.path, constants.O_RDONLY | constants.O_NONBLOCK);
  pipe.close();
  open.push(fd, reader);
  return { fd, read: () => readAll(reader) };
}

/** What is in the pipe now; blanks are what filled it. */
function readAll(fd: number): string {
  const chunk = Buffer.alloc(MIB);
  let text = '';
  try {
    for (let size = 1; size > 0; ) {
      size = readSync(fd, chunk);
      text += chunk.toString('utf8', 0, size).replaceAll('\0', '');
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return text;
}

function outputTo(fd: number) {
  const dropped: number[] = [];
  const exits: (() => void)[] = [];
  let nowMs = 0;
  const output = createLogOutput(fd, {
    onDropped: (count) => dropped.push(count),
    onExit: (callback) => exits.push(callback),
    nowMs: () => nowMs,
  });
  const exitAfter = (ms: number) => {
    nowMs += ms;
    for (const callback of exits) callback();
  };
  return { output, dropped, exitAfter };
}

describe('the output of log lines', () => {
  test('holds up nobody while its pipe is full, and keeps every line in order', async () => {
    const { fd, read } = await fullPipe();
    const { output, dropped } = outputTo(fd);
    for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
    let text = '';
    await eventually(
      () => {
        text += read();
        return text.endsWith('three\n') || undefined;
      },
      async () => text,
    );
    expect(text).toBe('one\ntwo\nthree\n');
    expect(dropped).toEqual([]);
  });

  test('drops and counts what is beyond 4 MiB, and tells it once there is room', async () => {
    const { fd, read } = await fullPipe();
    const { output, dropped } = outputTo(fd);
    const line = `${'x'.repeat(MIB - 1)}\n`;
    // The first is on its way, four wait.
    for (let count = 0; count < 8; count += 1) output.write(line);
    let size = 0;
    await eventually(
      () => {
        size += read().length;
        return size === 5 * MIB || undefined;
      },
      async () => `${size}`,
    );
    expect(dropped).toEqual([3]);
  });

  test('writes what still waits when the process ends', async () => {
    const { fd, read } = await fullPipe();
    const { output, exitAfter } = outputTo(fd);
    read();
    output.write('one\n');
    output.write('two\n');
    exitAfter(0);
    expect(read()).toBe('one\ntwo\n');
  });

  test('ends with the process though nobody reads', async () => {
    const { fd, read } = await fullPipe();
    const { output, exitAfter } = outputTo(fd);
    output.write('one\n');
    output.write('two\n');
    exitAfter(1_001);
    const taken = await eventually(
      () => read() || undefined,
      async () => 'nothing came',
    );
    expect(taken).toMatch(/^one\n/);
  });
});
