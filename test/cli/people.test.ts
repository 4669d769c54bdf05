import { describe, expect, test } from '@jest/globals';
import type { LocalChanges } from '../../src/adapters/local-api-server.ts';
import { TerminalError } from '../../src/errors.ts';
import type { LeaveView } from '../../src/state/leave-view.ts';
import { id, node, spec } from '../support/controllers-entries.ts';
import { answering, ask } from '../support/process-ask.ts';
import { civitas, refusal, runCommand } from '../support/process-command.ts';
import { rolloutEntry } from '../support/rollout-entries.ts';
import { decision, keyed, knownLog, plan } from '../support/why-entries.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;

const events = [decision(10), decision(20, { nodeId: id(5), hostname: 'n5', action: 'retire' })];
const LOG = knownLog({
  nodes: [keyed('node', id(10), node(10)), keyed('node', id(4), node(4))],
  plans: [keyed('plan', 'replace-n2-30', plan('replace-n2-30'), 31)],
  events: events.toReversed().map((each) => keyed('event', each.eventId, each, each.wallMs)),
});

describe('civitas apply', () => {
  const changes = (heard: unknown[]): LocalChanges => ({
    '/v1/spec': async (body) => {
      heard.push(body);
      return { revision: 57, changes: [{ field: 'size', after: 4 }], wordingKept: true };
    },
  });

  test.each([
    {
      document: 'size: 4',
      flags: '',
      asks: { document: { size: 4 }, dryRun: false },
      stdout: 'Changed, revision 57:\n  size: (not set) → 4\n',
    },
    {
      document: 'metadata: {revision: 12}\nsize: 4',
      flags: ' --dry-run',
      asks: { document: { size: 4 }, dryRun: true, ifRevision: 12 },
      stdout: 'Would be changed:\n  size: (not set) → 4\n',
    },
    {
      document: '# four racks\nmetadata: {revision: 12}\nsize: 4',
      flags: '',
      asks: {
        document: { size: 4 },
        dryRun: false,
        ifRevision: 12,
        wording: '# four racks\nsize: 4\n',
      },
      stdout: 'Changed, revision 57:\n  size: (not set) → 4\n',
    },
  ])(
    'hands $document over$flags',
    async ({ document, flags, asks, stdout }) => {
      const heard: unknown[] = [];
      const outcome = await ask(`apply -f spec.yaml${flags}`, {
        changes: changes(heard),
        document,
      });
      expect(outcome).toEqual({ exitCode: 0, stdout, stderr: '' });
      expect(heard).toEqual([asks]);
    },
    DEADLINE_MS,
  );

  test.each([
    {
      file: 'spec.yaml',
      document: 'metadata: {revision: newest}',
      sentence:
        'metadata.revision of the document is no revision: take it from `civitas get spec`, or leave metadata out. [spec.bad-revision]',
    },
    {
      file: 'spec.yaml',
      document: '- a list',
      sentence:
        'The file spec.yaml is no Cluster document (it holds no fields): correct it, or say what you want with options. [spec.no-document]',
    },
    {
      file: 'nowhere.yaml',
      document: '',
      sentence:
        'The file nowhere.yaml can not be read: check the path and its permissions. [cli.no-file]',
    },
  ])(
    'refuses $file with $document before anybody is asked',
    async ({ file, document, sentence }) => {
      const heard: unknown[] = [];
      const outcome = await ask(`apply -f ${file}`, { changes: changes(heard), document });
      expect(outcome).toEqual(refusal(2, sentence));
      expect(heard).toEqual([]);
    },
    DEADLINE_MS,
  );

  test(
    'exits with 1 when somebody was faster, as the next one may not be',
    async () => {
      const conflict = {
        '/v1/spec': () => Promise.reject(new TerminalError('apply.conflict', 'It moved.')),
      };
      expect(await ask('apply -f spec.yaml', { changes: conflict, document: 'size: 4' })).toEqual(
        refusal(1, 'It moved. [apply.conflict]'),
      );
    },
    DEADLINE_MS,
  );
});

describe('civitas get', () => {
  test(
    'spec prints what apply takes back, with its revision',
    async () => {
      const log = knownLog({ spec: [keyed('spec', 'current', spec({ size: 4 }), 12)] });
      const { stdout } = await ask('get spec -o json', answering(log));
      expect(JSON.parse(stdout)).toEqual({ metadata: { revision: 12 }, ...spec({ size: 4 }) });
      const { stdout: yaml } = await ask('get spec', answering(log));
      expect(yaml).toMatch(
        /^apiVersion: civitas.dev\/v1alpha1\nkind: Cluster\nmetadata:\n {2}revision: 12\n/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'plans prints them by the names of their nodes',
    async () => {
      const { stdout } = await ask('get plans', answering(LOG));
      expect(stdout.split('\n')).toEqual([
        'PLAN            ACTION    NODE          BY   APPROVED   WHY',
        'replace-n2-30   replace   bbbbbbbbbbb   n4   no         n2 is dead, n4 takes its place',
        '',
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'plans has the rollout that waits for approval, as `civitas plan` says it does',
    async () => {
      const upgrade = { ...spec().upgrade, policy: 'approve' as const };
      const log = knownLog({
        spec: [keyed('spec', 'current', spec({ upgrade }))],
        rollouts: [rolloutEntry()],
      });
      const { stdout } = await ask('get plans', answering(log));
      expect(stdout.split('\n')).toEqual([
        'PLAN                 ACTION    NODE   BY   APPROVED   WHY',
        'upgrade-v1-35-1-57   upgrade   -      -    no         Upgrade 3 nodes: v1.34.4 → v1.35.1',
        '',
      ]);
      const { stdout: json } = await ask('get plans -o json', answering(log));
      expect(JSON.parse(json)).toMatchObject({
        kind: 'Plans',
        plans: [{ planId: 'upgrade-v1-35-1-57', nodeId: null, approved: false }],
      });
    },
    DEADLINE_MS,
  );
});

describe('civitas history', () => {
  test(
    'tells all decisions, and those about one node also once that is gone',
    async () => {
      const { stdout } = await ask('history', answering(LOG));
      expect(stdout.split('\n')).toEqual([
        'WHEN                  DECISION   NODE   WHY',
        '1970-01-01 00:00:10   promote    n4     n4 takes the place of n2',
        '1970-01-01 00:00:20   retire     n5     n4 takes the place of n2',
        '',
      ]);
      const { stdout: gone } = await ask('history --node n5 -o json', answering(LOG));
      expect(JSON.parse(gone)).toEqual({
        apiVersion: 'civitas.dev/v1alpha1',
        kind: 'History',
        events: [events[1]],
      });
    },
    DEADLINE_MS,
  );

  test(
    'says when the log does not answer, so that nobody takes it for new',
    async () => {
      const outcome = await ask('history', answering(knownLog({ synced: false })));
      expect(outcome).toEqual({
        exitCode: 0,
        stdout: 'Nothing was decided yet that is kept.\n',
        stderr: 'The log does not answer the agent: this is as of revision 40, and may be old.\n',
      });
    },
    DEADLINE_MS,
  );
});

test.each(['explain n9', 'why-not promote n9', 'history --node n9'])(
  'civitas %s is answered with the nodes there are',
  async (args) => {
    const sentence =
      'There is no node n9 at revision 40: the cluster has n4, n10. [cli.unknown-node]';
    expect(await ask(args, answering(LOG))).toEqual(refusal(2, sentence));
  },
  DEADLINE_MS,
);

describe('civitas leave', () => {
  const view = (differs: Partial<LeaveView> = {}): LeaveView => ({
    hostname: 'n4',
    asked: true,
    revision: 60,
    items: [
      { name: 'role', done: true, message: 'it has no role' },
      { name: 'Node', done: false, message: 'its Node is there' },
    ],
    waiting: 'web-0 may not be evicted',
    ...differs,
  });
  const changes: LocalChanges = {
    '/v1/leave': async () => ({ revision: 60, summary: 'n4 was asked to leave' }),
  };

  test(
    'asks, and says how to follow it',
    async () => {
      expect(await ask('leave', { changes })).toEqual({
        exitCode: 0,
        stdout:
          'Revision 60: n4 was asked to leave.\nSee how far it is with `civitas leave --wait`.\n',
        stderr: '',
      });
    },
    DEADLINE_MS,
  );

  test(
    'waits until each item is done, and tells each once',
    async () => {
      const gone = { name: 'Node', done: true, message: 'Kubernetes knows no Node of it' };
      const [role] = view().items;
      const done = view({ items: role ? [role, gone] : [gone], waiting: null });
      const answers = [view(), view(), done];
      const api = { '/v1/leave': async () => answers.shift() ?? done };
      expect(await ask('leave --wait', { changes, api })).toEqual({
        exitCode: 0,
        stdout: [
          'Revision 60: n4 was asked to leave.',
          '  done role: it has no role',
          '  waiting: web-0 may not be evicted',
          '  done Node: Kubernetes knows no Node of it',
          'This machine has left: stop civitas on it, or wipe it to let it come as another node.',
          '',
        ].join('\n'),
        stderr: '',
      });
    },
    DEADLINE_MS,
  );

  test.each([
    { code: 'leave.last-control-plane', exitCode: 2 },
    { code: 'leave.breaks-quorum', exitCode: 1 },
  ] as const)(
    'exits with $exitCode for $code',
    async ({ code, exitCode }) => {
      const refusing = { '/v1/leave': () => Promise.reject(new TerminalError(code, 'It stays.')) };
      expect(await ask('leave', { changes: refusing })).toEqual(
        refusal(exitCode, `It stays. [${code}]`),
      );
    },
    DEADLINE_MS,
  );
});

test(
  'civitas approve says what was approved',
  async () => {
    const heard: unknown[] = [];
    const changes: LocalChanges = {
      '/v1/approve': async (body) => {
        heard.push(body);
        return { revision: 61, summary: 'the plan replace-n2-30 was approved: n2 is dead' };
      },
    };
    expect(await ask('approve replace-n2-30', { changes })).toEqual({
      exitCode: 0,
      stdout: 'Revision 61: the plan replace-n2-30 was approved: n2 is dead.\n',
      stderr: '',
    });
    expect(heard).toEqual([{ planId: 'replace-n2-30' }]);
  },
  DEADLINE_MS,
);

test.each([
  { words: ['le'], completes: 'leave' },
  { words: ['exp'], completes: 'explain' },
  { words: ['get', 'pl'], completes: 'plans' },
  { words: ['why-not', 'pro'], completes: 'promote' },
  { words: ['apply', '--dr'], completes: '--dry-run' },
  { words: ['ed'], completes: 'edit' },
  { words: ['edit', '--w'], completes: '--wait' },
  { words: ['get', 'rev'], completes: 'revisions' },
  { words: ['plan', '--wh'], completes: '--what-if' },
  { words: ['pau'], completes: 'pause' },
])(
  'the shell completes $words',
  async ({ words, completes }) => {
    const { stdout } = await runCommand(civitas(['complete', '--', ...words]));
    expect(stdout.split('\t')[0]).toBe(completes);
  },
  DEADLINE_MS,
);
