import { describe, expect, test } from '@jest/globals';
import { controlPlaneProcesses } from '../../src/adapters/control-plane-processes.ts';
import { type RunCommand, runCommand } from '../../src/adapters/execa-exec.ts';

function says(exitCode: number, stdout: string, stderr = ''): RunCommand {
  return async () => ({ exitCode, stdout, stderr });
}

describe('processes of a control plane', () => {
  test.each([
    { when: 'none runs', run: says(1, ''), names: [] },
    {
      when: 'two run, one of them with a name that the kernel cut',
      run: says(0, '812 etcd\n1204 kube-controller\n'),
      names: ['etcd', 'kube-controller'],
    },
  ])('when $when', async ({ run, names }) => {
    expect(await controlPlaneProcesses(run)).toEqual(names);
  });

  test('are looked for in words that pgrep takes', async () => {
    await expect(controlPlaneProcesses(runCommand)).resolves.toEqual(expect.any(Array));
  });

  test('are unknown when pgrep fails', async () => {
    await expect(controlPlaneProcesses(says(3, '', 'out of memory'))).rejects.toMatchObject({
      code: 'host.processes',
      retryable: true,
    });
  });
});
