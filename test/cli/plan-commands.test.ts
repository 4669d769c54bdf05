import { describe, expect, test } from '@jest/globals';
import type { LocalChanges } from '../../src/adapters/local-api-server.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import { id, initAssignment, liveness, node, served } from '../support/controllers-entries.ts';
import { answering, ask } from '../support/process-ask.ts';
import { refusal } from '../support/process-command.ts';
import { progressEntry, rolloutEntry, upkeep } from '../support/rollout-entries.ts';
import { decision, keyed, knownLog, plan } from '../support/why-entries.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;
const PLAN = 'upgrade-v1-35-1-57';

const REPLACEMENT = 'replace-n2-30';
const made = decision(30, {
  action: 'plan-replacement',
  nodeId: id(2),
  summary: 'planned for people to approve: n4 takes the place of n2',
  guards: [{ name: 'grace', passed: true, message: 'it was lost for long' }],
  rejected: [{ nodeId: id(5), hostname: 'n5', reason: 'is a worker' }],
});

const LOG = knownLog({ rollouts: [rolloutEntry()], progresses: [progressEntry()] });
const LOST = {
  ...LOG,
  plans: [keyed('plan', REPLACEMENT, plan(REPLACEMENT))],
  events: [keyed('event', made.eventId, made)],
};

describe('civitas plan', () => {
  test(
    'lists rollouts, and shows one by its name',
    async () => {
      const { stdout } = await ask('plan', answering(LOG));
      expect(stdout.split('\n')[1]).toMatch(/^upgrade-v1-35-1-57 {3}upgrade {3}running {3}1\/3 /);
      const { stdout: json } = await ask(`plan ${PLAN} -o json`, answering(LOG));
      expect(JSON.parse(json)).toMatchObject({
        apiVersion: 'civitas.dev/v1alpha1',
        kind: 'Rollout',
        planId: PLAN,
        doneSteps: 1,
        steps: [{ state: 'done' }, { state: 'under-way' }, { state: 'to-do' }],
      });
    },
    DEADLINE_MS,
  );

  test.each([
    {
      args: 'plan upgrade-v1-36-0-60',
      says: 'There is no plan upgrade-v1-36-0-60 at revision 40, or no more: choose from upgrade-v1-35-1-57, replace-n2-30. [plan.unknown]',
    },
    {
      args: 'plan Upgrade!',
      says: 'Upgrade! is no name of a plan: choose one that `civitas plan` shows. [cli.bad-plan-name]',
    },
    {
      args: 'pause Upgrade!',
      says: 'Upgrade! is no name of a plan: choose one that `civitas plan` shows. [cli.bad-plan-name]',
    },
    {
      args: 'plan --what-if',
      says: '--what-if needs a document: add -f FILE. [cli.bad-question]',
    },
    { args: 'plan -f spec.yaml', says: '-f is for --what-if: add that. [cli.bad-question]' },
    {
      args: 'plan --what-if -f spec.yaml --watch',
      says: '--what-if is about no plan that there is: leave the rest out. [cli.bad-question]',
    },
  ])(
    'refuses $args',
    async ({ args, says }) => {
      expect(await ask(args, answering(LOST))).toEqual(refusal(2, says));
    },
    DEADLINE_MS,
  );

  test(
    'shows a replacement by its name, with what it goes by',
    async () => {
      const { stdout } = await ask(`plan ${REPLACEMENT}`, answering(LOST));
      expect(stdout.split('\n').slice(1)).toEqual([
        'replace-n2-30   replace   waiting   -       -       -     -      civitas approve replace-n2-30',
        '',
        '1970-01-01 00:00:30  plan-replacement: planned for people to approve: n4 takes the place of n2',
        '  by aaaaaaaaaaa, term 5, from revision 30',
        '  passed grace: it was lost for long',
        '  not chosen: n5 is a worker',
        '',
      ]);
      const { stdout: json } = await ask(`plan ${REPLACEMENT} -o json`, answering(LOST));
      expect(JSON.parse(json)).toMatchObject({
        kind: 'Plan',
        planId: REPLACEMENT,
        approved: false,
      });
    },
    DEADLINE_MS,
  );
});

describe('civitas plan --watch', () => {
  const watch = (...logs: readonly KnownLog[]) => {
    const left = [...logs];
    const next = () => (left.length > 1 ? left.shift() : left[0]);
    return ask('plan --watch', { api: { '/v1/known-log': async () => next() } });
  };
  const at = (differs: Parameters<typeof progressEntry>[0]) =>
    knownLog({ rollouts: [rolloutEntry()], progresses: [progressEntry(differs)] });

  test(
    'tells line by line what changes, until all is done',
    async () => {
      const outcome = await watch(LOG, LOG, at({ state: 'done', stage: '' }));
      expect(outcome).toEqual({
        exitCode: 0,
        stdout: [
          'n1 upgrade-control-plane v1.35.1: done after 1m40s',
          'n2 upgrade-kubelet v1.35.1: under way',
          'upgrade-v1-35-1-57: running, canary',
          'upgrade-v1-35-1-57: done',
          '',
        ].join('\n'),
        stderr: '',
      });
    },
    DEADLINE_MS,
  );

  test(
    'fails when it is cancelled',
    async () => {
      const { exitCode, stderr } = await watch(LOG, at({ state: 'cancelled' }));
      expect([exitCode, stderr]).toEqual([
        1,
        'civitas: The rollout upgrade-v1-35-1-57 was cancelled: edit the spec to ask anew. [watch.cancelled]\n',
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'ends at once where nothing is under way',
    async () => {
      expect((await watch(knownLog())).stdout).toBe('No rollout is under way.\n');
    },
    DEADLINE_MS,
  );
});

describe('civitas plan --what-if', () => {
  const assignment = initAssignment(1);
  const parts = { apiServer: 'v1.34.4', controllerManager: 'v1.34.4', scheduler: 'v1.34.4' };
  const SERVES = knownLog({
    nodes: [keyed('node', id(1), node(1))],
    livenesses: [keyed('liveness', id(1), liveness(1))],
    assignments: [keyed('assignment', id(1), assignment)],
    statuses: [keyed('status', id(1), served(assignment))],
    upkeeps: [keyed('upkeep', id(1), upkeep(1, { ...parts, cluster: 'v1.34.4' }))],
  });

  const whatIf = (document: string, log = SERVES) => {
    const heard: unknown[] = [];
    const changes: LocalChanges = {
      '/v1/spec': async (body) => {
        heard.push(body);
        const change = { field: 'kubernetesVersion', before: 'v1.34.4', after: 'v1.35.1' };
        return { revision: 1, changes: [change], wordingKept: true };
      },
    };
    const asked = ask('plan --what-if -f spec.yaml', { ...answering(log), changes, document });
    return asked.then((outcome) => ({ outcome, heard }));
  };

  test(
    'prints the plan of the leader, and only asks for a judgement',
    async () => {
      const { outcome, heard } = await whatIf(
        'kubernetesVersion: v1.35.1\ncontrolPlanes: 1\nupgrade: {policy: approve}',
      );
      const lines = outcome.stdout.split('\n');
      expect(lines.slice(0, 6)).toEqual([
        'Would be changed:',
        '  kubernetesVersion: "v1.34.4" → "v1.35.1"',
        '',
        'No role would change.',
        '',
        'upgrade-v1-35-1-41: Upgrade 1 node: v1.34.4 → v1.35.1',
      ]);
      expect(lines.slice(-4)).toEqual([
        'It would wait for `civitas approve`.',
        '',
        'Nothing was changed.',
        '',
      ]);
      const tasks = lines.flatMap((line) => /^\d+ +n1 +(\S+)/.exec(line)?.[1] ?? []);
      expect(tasks).toEqual(['prepare', 'survey', 'upgrade-control-plane', 'upgrade-kubelet']);
      expect(heard).toMatchObject([{ dryRun: true }]);
    },
    DEADLINE_MS,
  );

  test(
    'passes the releases between, one after the other',
    async () => {
      const { outcome } = await whatIf('kubernetesVersion: v1.36.0\nupgrade: {through: [v1.35.1]}');
      expect(outcome.stdout).toContain('Upgrade 1 node: v1.34.4 → v1.35.1 → v1.36.0');
    },
    DEADLINE_MS,
  );

  test(
    'says so when no rollout would follow, or none can be planned yet',
    async () => {
      const { outcome } = await whatIf('kubernetesVersion: v1.34.4');
      expect(outcome.stdout).toContain('No rollout would follow');
      const { outcome: unknown } = await whatIf('kubernetesVersion: v1.35.1', {
        ...SERVES,
        upkeeps: [],
      });
      expect(unknown.stdout).toContain('No rollout can be planned yet: ');
    },
    DEADLINE_MS,
  );
});

test.each(['pause', 'resume', 'cancel'])(
  'civitas %s hands the word over, with the name or without',
  async (word) => {
    const heard: unknown[] = [];
    const changes: LocalChanges = {
      '/v1/hold': async (body) => {
        heard.push(body);
        return { revision: 61, summary: 'the rollout is so' };
      },
    };
    expect(await ask(word, { changes })).toEqual({
      exitCode: 0,
      stdout: 'Revision 61: the rollout is so.\n',
      stderr: '',
    });
    await ask(`${word} ${PLAN}`, { changes });
    expect(heard).toEqual([{ word }, { word, planId: PLAN }]);
  },
  DEADLINE_MS,
);
