import { describe, expect, test } from '@jest/globals';
import type { LocalChanges } from '../../src/adapters/local-api-server.ts';
import { TerminalError } from '../../src/errors.ts';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import type { SpecAnswer } from '../../src/state/local-changes.ts';
import { spec } from '../support/controllers-entries.ts';
import { answering, ask } from '../support/process-ask.ts';
import { refusal } from '../support/process-command.ts';
import { keyed, knownLog } from '../support/why-entries.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;

const edition = (revision: number, kept: ClusterSpec) =>
  keyed('edition', String(revision), { revision, spec: kept, replacedWallMs: revision * 1_000 });

/** The size was 4, then 5, and an edit ended before it replaced that. */
const LOG = knownLog({
  spec: [keyed('spec', 'current', spec({ size: 5, controlPlanes: 5 }), 30)],
  editions: [edition(12, spec({ size: 4 })), edition(7, spec()), edition(30, spec({ size: 5 }))],
  wordings: [keyed('wording', 'current', { text: '# ours\nkubernetesVersion: v1.34.4\n' })],
});

describe('civitas diff', () => {
  const judging = (answer: Partial<SpecAnswer> | TerminalError): LocalChanges => ({
    '/v1/spec': async () => {
      if (answer instanceof TerminalError) throw answer;
      return { revision: 30, changes: [], wordingKept: true, ...answer };
    },
  });

  test.each([
    { when: 'nothing differs', answer: {}, outcome: { exitCode: 0, stdout: '', stderr: '' } },
    {
      when: 'something does',
      answer: {
        changes: [
          { field: 'size', before: 4, after: 5 },
          { field: 'zones', before: [] },
        ],
      },
      outcome: {
        exitCode: 1,
        stdout: 'size: 4 → 5\nzones: [] → (not set)\n',
        stderr:
          'civitas: The document differs from the spec of revision 30 in 2 fields: `civitas apply -f spec.yaml` changes that. [diff.differs]\n',
      },
    },
    {
      when: 'the document is wrong',
      answer: new TerminalError('spec.refused', 'The spec is refused.'),
      outcome: refusal(2, 'The spec is refused. [spec.refused]'),
    },
    {
      when: 'nobody can tell',
      answer: new TerminalError('change.no-log', 'No log.'),
      outcome: refusal(2, 'No log. [change.no-log]'),
    },
  ])(
    'ends as kubectl diff does when $when',
    async ({ answer, outcome }) => {
      const asked = { changes: judging(answer), document: 'size: 5' };
      expect(await ask('diff -f spec.yaml', asked)).toEqual(outcome);
    },
    DEADLINE_MS,
  );
});

describe('civitas get', () => {
  test(
    'spec prints the words of people, with what was changed since and the revision',
    async () => {
      const { stdout } = await ask('get spec', answering(LOG));
      expect(stdout).toBe(
        '# ours\nkubernetesVersion: v1.34.4\ncontrolPlanes: 5\nsize: 5\nmetadata:\n  revision: 30\n',
      );
      const { stdout: json } = await ask('get spec -o json', answering(LOG));
      expect(JSON.parse(json)).toEqual({ metadata: { revision: 30 }, ...LOG.spec[0]?.value });
    },
    DEADLINE_MS,
  );

  test(
    'spec --revision prints one of before, as apply brings it back',
    async () => {
      const { stdout } = await ask('get spec --revision 12 -o json', answering(LOG));
      expect(JSON.parse(stdout)).toEqual(spec({ size: 4 }));
    },
    DEADLINE_MS,
  );

  test.each([
    {
      revision: '9',
      outcome: refusal(
        1,
        'No spec of revision 9 is kept: choose from 7, 12, 30. [get.no-revision]',
      ),
    },
    {
      revision: 'last',
      outcome: refusal(
        2,
        '--revision last is wrong: say a whole number from 1 to 999999999. [cli.bad-number]',
      ),
    },
  ])(
    'spec --revision $revision is answered with those there are',
    async ({ revision, outcome }) => {
      expect(await ask(`get spec --revision ${revision}`, answering(LOG))).toEqual(outcome);
    },
    DEADLINE_MS,
  );

  test(
    'revisions prints them oldest first, with what each changed',
    async () => {
      const { stdout } = await ask('get revisions', answering(LOG));
      expect(stdout.split('\n')).toEqual([
        'REVISION   UNTIL                 CHANGED',
        '7          1970-01-01 00:00:07   -',
        '12         1970-01-01 00:00:12   size: (not set) → 4',
        '30         now                   controlPlanes: 3 → 5, size: 4 → 5',
        '',
      ]);
    },
    DEADLINE_MS,
  );
});
