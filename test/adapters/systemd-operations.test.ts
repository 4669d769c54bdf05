import { appendFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHostFileSystem } from '../../src/adapters/host-file-system.ts';
import { createSystemdOperations } from '../../src/adapters/systemd-operations.ts';
import type { Operations } from '../../src/ports/operations.ts';
import { FakeSystemd } from '../support/fake-systemd.ts';
import { temporaryFolders } from './temporary-folder.ts';

const UNIT = 'civitas-op-init-1.service';
const PROGRAM = 'usr/bin/kubeadm';
const LOG = 'run/civitas/ops/init-1.log';

const newFolder = temporaryFolders();

let root: string;
let systemd: FakeSystemd;
let operations: Operations;

beforeEach(async () => {
  root = await newFolder();
  await mkdir(join(root, 'usr/bin'), { recursive: true });
  await writeFile(join(root, PROGRAM), '', { mode: 0o755 });
  systemd = new FakeSystemd();
  operations = createSystemdOperations(systemd.run, createHostFileSystem(root), root);
});

const start = () => operations.start('init-1', ['kubeadm', 'init'], 300);

function endUnit(properties: Record<string, string>): void {
  systemd.units.set(UNIT, { LoadState: 'loaded', ...properties });
}

describe('systemd operations', () => {
  test('what was never started is absent', async () => {
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
  });

  test('what was announced and never started is told from what is absent, until it is started', async () => {
    await operations.announce('init-1');
    expect(await operations.observe('init-1')).toEqual({ phase: 'announced' });
    expect(await operations.observe('init-2')).toEqual({ phase: 'absent' });
    await start();
    systemd.units.delete(UNIT);
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
  });

  test('what systemd may have started is not announced any more, even when it says that it did not', async () => {
    await operations.announce('init-1');
    systemd.onRun = () => undefined;
    await expect(start()).rejects.toMatchObject({ code: 'operation.not-started' });
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
  });

  test('a program that is not there is never started, by its name or by its path', async () => {
    await rm(join(root, PROGRAM));
    const message =
      'systemd does not start civitas-op-init-1.service (Failed to find executable kubeadm: No such file or directory): cure what it says.';
    const named = { code: 'operation.not-started', message };
    await expect(start()).rejects.toMatchObject(named);
    const byPath = operations.start('init-1', ['/opt/k8s/kubeadm', 'init'], 300);
    await expect(byPath).rejects.toMatchObject({ code: 'operation.not-started' });
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
  });

  test('what was announced is forgotten', async () => {
    await operations.announce('init-1');
    await operations.forget('init-1');
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
  });

  test('what was started runs, and an agent that starts anew sees that too', async () => {
    await start();
    const restarted = createSystemdOperations(systemd.run, createHostFileSystem(root), root);
    expect(await restarted.observe('init-1')).toEqual({ phase: 'running' });
  });

  test.each([
    {
      when: 'it exits with 0',
      properties: { ActiveState: 'active', SubState: 'exited', Result: 'success' },
      state: { phase: 'succeeded', output: 'line\n' },
    },
    {
      when: 'it exits with 7',
      properties: {
        ActiveState: 'failed',
        Result: 'exit-code',
        ExecMainCode: '1',
        ExecMainStatus: '7',
      },
      state: { phase: 'failed', exitCode: 7, output: 'line\n' },
    },
    {
      when: 'a signal kills it',
      properties: {
        ActiveState: 'failed',
        Result: 'signal',
        ExecMainCode: '2',
        ExecMainStatus: '9',
      },
      state: { phase: 'failed', exitCode: 137, output: 'line\n' },
    },
    {
      when: 'its time limit ends it',
      properties: {
        ActiveState: 'failed',
        Result: 'timeout',
        ExecMainCode: '2',
        ExecMainStatus: '15',
      },
      state: { phase: 'failed', exitCode: 143, output: 'line\nstopped at its time limit\n' },
    },
    {
      when: 'it is being stopped',
      properties: { ActiveState: 'deactivating', SubState: 'stop-sigterm' },
      state: { phase: 'running' },
    },
  ])('its state when $when: $state.phase', async ({ properties, state }) => {
    await start();
    await appendFile(join(root, LOG), 'line\n');
    endUnit(properties);
    expect(await operations.observe('init-1')).toEqual(state);
  });

  test('starting it again neither repeats it nor loses its output', async () => {
    await start();
    await appendFile(join(root, LOG), 'line\n');
    endUnit({ ActiveState: 'active', SubState: 'exited' });
    await start();
    expect(await operations.observe('init-1')).toEqual({ phase: 'succeeded', output: 'line\n' });
  });

  test('of a long output the last whole lines within 8 KiB are shown', async () => {
    await start();
    await appendFile(join(root, LOG), 'a line of 16 B.\n'.repeat(600));
    endUnit({ ActiveState: 'active', SubState: 'exited' });
    const state = await operations.observe('init-1');
    expect(state).toEqual({ phase: 'succeeded', output: 'a line of 16 B.\n'.repeat(511) });
  });

  test('its output is readable for root only', async () => {
    await start();
    expect((await stat(join(root, LOG))).mode & 0o777).toBe(0o600);
  });

  test('a unit that appears while it is started is the one that was meant', async () => {
    systemd.onRun = (name) => {
      systemd.units.set(name, { LoadState: 'loaded', ActiveState: 'active', SubState: 'running' });
      systemd.onRun = () => undefined;
    };
    await Promise.all([start(), start()]);
    expect(await operations.observe('init-1')).toEqual({ phase: 'running' });
  });

  test('what systemd does not start is told, and may be tried again', async () => {
    systemd.onRun = () => undefined;
    await expect(start()).rejects.toMatchObject({ code: 'operation.not-started', retryable: true });
  });

  test('systemd that does not answer is no proof that nothing runs', async () => {
    await start();
    systemd.broken = 'Failed to connect to bus';
    await expect(operations.observe('init-1')).rejects.toMatchObject({
      code: 'systemd.failed',
      retryable: true,
    });
  });

  test.each([
    { end: 'well', properties: { ActiveState: 'active', SubState: 'exited' } },
    { end: 'badly', properties: { ActiveState: 'failed', ExecMainCode: '1', ExecMainStatus: '1' } },
  ])('one that ended $end is forgotten with its output', async ({ properties }) => {
    await start();
    await appendFile(join(root, LOG), 'of the first run\n');
    endUnit(properties);
    await operations.forget('init-1');
    expect(await operations.observe('init-1')).toEqual({ phase: 'absent' });
    await start();
    endUnit({ ActiveState: 'active', SubState: 'exited' });
    expect(await operations.observe('init-1')).toEqual({ phase: 'succeeded', output: '' });
  });

  test('to forget what is absent does nothing', async () => {
    await expect(operations.forget('init-1')).resolves.toBeUndefined();
  });

  test.each(['', 'a/b', '../x', 'A', 'a b', 'x'.repeat(64)])(
    'a name that could be a path or an option is refused: "%s"',
    async (name) => {
      await expect(operations.observe(name)).rejects.toMatchObject({
        code: 'operation.bad-name',
        retryable: false,
      });
    },
  );
});
