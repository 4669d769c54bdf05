import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { serveLocalApi } from '../../src/adapters/local-api-server.ts';
import { renderExplored, renderVerified, verifyReport } from '../../src/cli/render-verify.ts';
import { newToken } from '../../src/cli/token-create.ts';
import { parseVerifyOptions, type VerifyOptions } from '../../src/cli/verify-options.ts';
import type { Verification } from '../../src/simulation/exploration/verifications.ts';
import type { AgentView } from '../../src/state/agent-view.ts';
import { agentView, nodeView } from '../support/agent-views.ts';
import { civitas, refusal, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';

const typed: VerifyOptions = {
  crashes: '1',
  limitStates: '1000',
  stateDir: 'nowhere',
  output: 'table',
};

describe('civitas verify takes', () => {
  test.each<{ options: Partial<VerifyOptions>; question: object }>([
    {
      options: { nodes: '5', controlPlanes: '3', size: '4' },
      question: { nodes: 5, controlPlanes: 3, size: 4, crashes: 1, faults: {} },
    },
    {
      options: { nodes: '2', crashes: '0', fault: ['kills=1', 'silences=2'] },
      question: {
        nodes: 2,
        controlPlanes: 1,
        size: undefined,
        crashes: 0,
        faults: { kills: 1, silences: 2 },
      },
    },
    {
      options: { controlPlanes: '3' },
      question: { nodes: 3, controlPlanes: 3, size: undefined, crashes: 1, faults: {} },
    },
  ])('$options', async ({ options, question }) => {
    expect(await parseVerifyOptions({ ...typed, ...options })).toEqual({
      question,
      mostStates: 1_000,
      note: undefined,
    });
  });
});

describe('civitas verify asks the agent of this machine', () => {
  async function asked(view: AgentView) {
    return inNewFolder(async (stateDir) => {
      const stop = await serveLocalApi(join(stateDir, 'agent.sock'), {
        '/v1/status': async () => view,
      });
      try {
        return await parseVerifyOptions({ ...typed, stateDir }).catch((error: unknown) => error);
      } finally {
        await stop();
      }
    });
  }
  const nodes = (count: number) => Array.from({ length: count }, (_, n) => nodeView(`n${n + 1}`));

  test('for the size and policy of its cluster, seven nodes explored as five', async () => {
    const view = agentView({ nodes: nodes(7), controlPlanes: { wanted: 3, serving: 3 } });
    expect(await asked(view)).toEqual({
      question: { nodes: 5, controlPlanes: 3, size: undefined, crashes: 1, faults: {} },
      mostStates: 1_000,
      note: '5 nodes stand for the 7 of this cluster: more can not be explored to the end.',
    });
  });

  test('and says so when that knows no cluster yet', async () => {
    const view = agentView({ phase: 'forming', controlPlanes: { wanted: 0, serving: 0 } });
    expect(await asked(view)).toMatchObject({
      code: 'verify.no-cluster',
      message:
        'The agent of this machine knows no cluster yet: say --nodes and --control-planes, or --token-file.',
    });
  });
});

describe('civitas verify refuses', () => {
  test.each<{ options: Partial<VerifyOptions>; message: string; code: string }>([
    {
      options: { nodes: '0' },
      message: '--nodes 0 is wrong: say a whole number from 1 to 5.',
      code: 'cli.bad-number',
    },
    {
      options: { nodes: 'many' },
      message: '--nodes many is wrong: say a whole number from 1 to 5.',
      code: 'cli.bad-number',
    },
    {
      options: { nodes: '4', controlPlanes: '2' },
      message:
        'The spec is refused: controlPlanes must be 1, 3, 5 or 7: an even number survives no more failures than the odd one below it.',
      code: 'spec.refused',
    },
    {
      options: { nodes: '3', controlPlanes: '0' },
      message:
        'The spec is refused: controlPlanes must be 1, 3, 5 or 7: an even number survives no more failures than the odd one below it.',
      code: 'spec.refused',
    },
    {
      options: { nodes: '3', controlPlanes: '5' },
      message:
        'The spec is refused: controlPlanes is 5, but only 3 nodes are expected: lower it or expect more nodes.',
      code: 'spec.refused',
    },
    {
      options: { nodes: '3', crashes: '-1' },
      message: '--crashes -1 is wrong: say a whole number from 0 to 9.',
      code: 'cli.bad-number',
    },
    {
      options: { nodes: '3', limitStates: '0' },
      message: '--limit-states 0 is wrong: say a whole number from 1 to 15000000.',
      code: 'cli.bad-number',
    },
    {
      options: { nodes: '3', fault: ['floods=1'] },
      message:
        '--fault floods=1 is wrong: say one of wipes, kills, failures, depositions, logLosses, staleCopies, silences and how often, such as kills=1.',
      code: 'cli.bad-fault',
    },
    {
      options: { nodes: '3', fault: ['kills=1', 'kills=2'] },
      message: '--fault names kills more than once: name it once.',
      code: 'cli.repeated-option',
    },
    {
      options: { tokenFile: 'nowhere' },
      message: 'The token file nowhere can not be read: check the path and its permissions.',
      code: 'cli.no-token-file',
    },
  ])('$options', async ({ options, message, code }) => {
    const parsed = parseVerifyOptions({ ...typed, ...options });
    await expect(parsed).rejects.toMatchObject({ message, code });
  });
});

const verification: Verification = {
  name: 'growth',
  nodes: 3,
  faults: { crashes: 1, logLosses: 1 },
  invariants: [{ id: 'S2', says: 'one init' }],
  run: () => {
    throw new Error('it is not run here');
  },
};
const counts = { states: 10, transitions: 20, depth: 3 };
const question = { nodes: 3, controlPlanes: 3, size: undefined, crashes: 1, faults: {} } as const;

describe('an exploration that nobody can bring to its end', () => {
  const sample = { ...verification, name: 'genesis', sampleStates: 8 };
  const cut = { ...counts, finished: false, counterexample: null };

  test.each([
    { seen: 10, verified: true },
    { seen: 7, verified: false },
  ])(
    'is verified as far as was meant to when $seen of 8 states were seen: $verified',
    ({ seen, verified }) => {
      const explored = [{ verification: sample, exploration: { ...cut, states: seen }, tookMs: 5 }];
      expect(verifyReport(question, explored)).toMatchObject({
        verified,
        explorations: [{ states: seen, sampleStates: 8, finished: false }],
      });
    },
  );

  test('is named in the last line', () => {
    const whole = { verification, exploration: { ...cut, finished: true }, tookMs: 5 };
    const part = { verification: sample, exploration: cut, tookMs: 5 };
    expect(renderVerified([whole])).toBe('Verified.\n');
    expect(renderVerified([whole, part])).toBe(
      'Verified, but of "genesis" the nearest 10 states only: it has too many more.\n',
    );
  });
});

describe('what is printed of an exploration', () => {
  test('ends with the steps of a counterexample', () => {
    const counterexample = {
      invariant: 'S2',
      sentence: 'kubeadm init starts on n2 after it started on n1',
      steps: ['n1 enrols', 'n2 enrols'],
    };
    const exploration = { ...counts, finished: false, counterexample };
    expect(renderExplored({ verification, exploration, tookMs: 1_234 }).split('\n')).toEqual([
      'growth (3 nodes, crashes 1, log losses 1)',
      '  states       10',
      '  transitions  20',
      '  depth        3',
      '  invariants   S2',
      '  time         1.2 s',
      '  verdict      breaks S2: kubeadm init starts on n2 after it started on n1',
      '    1. n1 enrols',
      '    2. n2 enrols',
      '',
      '',
    ]);
  });

  test.each([
    { finished: true, verified: true, verdict: 'verified' },
    { finished: false, verified: false, verdict: 'nothing wrong up to the limit' },
  ])('says $verdict when finished is $finished', ({ finished, verified, verdict }) => {
    const explored = {
      verification,
      exploration: { ...counts, finished, counterexample: null },
      tookMs: 5,
    };
    expect(renderExplored(explored)).toContain(`verdict      ${verdict}\n`);
    expect(verifyReport(question, [explored])).toEqual({
      apiVersion: 'civitas.dev/v1alpha1',
      kind: 'Verification',
      nodes: 3,
      controlPlanes: 3,
      size: null,
      verified,
      explorations: [
        {
          name: 'growth',
          nodes: 3,
          faults: { crashes: 1, logLosses: 1 },
          invariants: [{ id: 'S2', says: 'one init' }],
          ...counts,
          finished,
          counterexample: null,
          tookMs: 5,
        },
      ],
    });
  });
});

describe('the command verify', () => {
  const verify = (args: string, input = '') =>
    runCommand(civitas(['verify', ...args.split(' ')]), { input });

  test('verifies the cluster of a token', async () => {
    const token = await newToken({ nodes: '1', kubernetes: 'v1.34.4' });
    const { exitCode, stdout, stderr } = await verify('--token-file - -o json', token);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ nodes: 1, controlPlanes: 1, verified: true });
  });

  test('says so when the limit came first, and exits with 1', async () => {
    const { stdout, ...outcome } = await verify('--nodes 2 --limit-states 20');
    expect(stdout).toContain('nothing wrong up to the limit');
    expect({ ...outcome, stdout: '' }).toEqual(
      refusal(
        1,
        'Nothing wrong was found, but "genesis" has more states than the limit: raise --limit-states, or ask for fewer faults. [verify.not-finished]',
      ),
    );
  });

  test('asks the agent when nothing is given', async () => {
    expect(await verify('--state-dir nowhere')).toEqual(
      refusal(
        1,
        'No agent answers at nowhere/agent.sock: start it with `civitas join --token-file FILE`, or name its --state-dir. [agent.not-running]',
      ),
    );
  });
});
