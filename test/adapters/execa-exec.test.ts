import { describe, expect, test } from '@jest/globals';
import { runCommand, runOrThrow } from '../../src/adapters/execa-exec.ts';

const SOON = { timeoutMs: 20_000 };

describe('a command', () => {
  test('is an answer whatever its exit code', async () => {
    const script = 'echo out; echo err >&2; exit 3';
    expect(await runCommand('sh', ['-c', script], SOON)).toEqual({
      exitCode: 3,
      stdout: 'out',
      stderr: 'err',
    });
  });

  test('gets its input by stdin, and none when there is none', async () => {
    expect(await runCommand('cat', [], { ...SOON, input: 'secret' })).toMatchObject({
      stdout: 'secret',
    });
    expect(await runCommand('cat', [], SOON)).toMatchObject({ stdout: '' });
  });

  test('that a signal ends counts as shells count', async () => {
    expect(await runCommand('sh', ['-c', 'kill -9 $$'], SOON)).toMatchObject({ exitCode: 137 });
  });

  test('speaks no language of the machine', async () => {
    expect(await runCommand('sh', ['-c', 'echo $LC_ALL'], SOON)).toMatchObject({
      stdout: 'C.UTF-8',
    });
  });

  test('that is not installed is named', async () => {
    await expect(runCommand('civitas-none', [], SOON)).rejects.toMatchObject({
      code: 'exec.not-installed',
      retryable: true,
      message: expect.stringContaining('civitas-none'),
    });
  });

  test('that does not end is ended', async () => {
    await expect(runCommand('sleep', ['60'], { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'exec.timeout',
      retryable: true,
    });
  });

  test('that has to succeed is told by its last words when it does not', async () => {
    const run = (script: string) =>
      runOrThrow(runCommand, 'test.failed', 'sh', ['-c', script], SOON);
    await expect(run('echo fine')).resolves.toBe('fine');
    await expect(run('echo no such table >&2; exit 1')).rejects.toMatchObject({
      code: 'test.failed',
      message: expect.stringContaining('no such table'),
    });
  });
});
