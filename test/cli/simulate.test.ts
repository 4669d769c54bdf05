import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type LocalApi, serveLocalApi } from '../../src/adapters/local-api-server.ts';
import { civitas, type Outcome, refusal, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';
import { simulatedAnswer } from '../support/simulated-answers.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;

/** Runs `civitas simulate` beside a spec; with `api`, also beside an agent that answers so. */
async function simulate(args: string, api?: LocalApi): Promise<Outcome> {
  return inNewFolder(async (cwd) => {
    await writeFile(join(cwd, 'spec.yaml'), 'kubernetesVersion: v1.34.4\n');
    const stop = api && (await serveLocalApi(join(cwd, 'agent.sock'), api));
    const words = args.split(' ').filter((word) => word !== '');
    const outcome = await runCommand(civitas(['simulate', '--state-dir', '.', ...words]), { cwd });
    await stop?.();
    return outcome;
  });
}

test(
  'a cluster that ends whole is told with exit code 0',
  async () => {
    const { exitCode, stdout, stderr } = await simulate(
      '--spec spec.yaml --nodes 1 --for 2m -o json',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'civitas.dev/v1alpha1',
      kind: 'Simulation',
      seed: 1,
      forMs: 120_000,
      nodes: [{ hostname: 'n1', role: 'control-plane', machine: 'running', ready: true }],
      apiDowntimeMs: 0,
      logDowntimeMs: 0,
      verdict: { ending: 'whole', cures: [] },
    });
  },
  DEADLINE_MS,
);

test(
  'a cluster that ends frozen is told with exit code 1',
  async () => {
    const { exitCode, stdout, stderr } = await simulate(
      '--spec spec.yaml --nodes 1 --power-off n1 --for 2m',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('1m0s  n1 is switched off (control-plane, replica of the log)');
    expect(stdout).toContain('Ends frozen.');
    expect(stderr).toBe(
      'civitas: The cluster does not end whole but frozen: The log has 0 of 3 replicas together, and needs 2 (switched off: n1). [simulate.not-whole]\n',
    );
  },
  DEADLINE_MS,
);

test(
  "without a file, it is the cluster of this machine's agent",
  async () => {
    const answer = await simulatedAnswer({
      nodes: 2,
      seed: 1,
      spec: { controlPlanes: 1 },
      facts: (number) => ({ hostname: `cellar-${number}` }),
    });
    const api: LocalApi = { '/v1/log-copy': async () => answer };
    const { exitCode, stdout } = await simulate('--for 2m -o yaml', api);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('origin: copy of the running cluster');
    expect(stdout).toMatch(/hostname: cellar-1[\s\S]*hostname: cellar-2/);
  },
  DEADLINE_MS,
);

test.concurrent(
  'what makes no sense is answered by one sentence and exit code 2',
  async () => {
    const sentence =
      '--kill names n6, but the machines are n1, n2, n3, n4, n5: choose among them. [cli.bad-plan]';
    expect(await simulate('--spec spec.yaml --kill n6')).toEqual(refusal(2, sentence));
  },
  DEADLINE_MS,
);

test.concurrent(
  'an agent of a newer release is told from one that does not run',
  async () => {
    const api: LocalApi = { '/v1/log-copy': async () => ({ version: 2 }) };
    expect([await simulate('', api), await simulate('')]).toEqual([
      refusal(
        2,
        'The copy of the log is of a newer release (its version does not fit: is of another release): use the civitas of that release. [cli.newer-copy]',
      ),
      refusal(
        1,
        'No agent answers at agent.sock: start it with `civitas join --token-file FILE`, or name its --state-dir. [agent.not-running]',
      ),
    ]);
  },
  DEADLINE_MS,
);

test.concurrent(
  'the shell completes its options',
  async () => {
    const { stdout } = await runCommand(civitas(['complete', '--', 'simulate', '--pa']));
    expect(stdout.split('\t')[0]).toBe('--partition');
  },
  DEADLINE_MS,
);
