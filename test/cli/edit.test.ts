import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { serveLocalApi } from '../../src/adapters/local-api-server.ts';
import { TerminalError } from '../../src/errors.ts';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import type { KnownLog } from '../../src/state/known-log.ts';
import { specAskSchema } from '../../src/state/local-changes.ts';
import { specDifference } from '../../src/state/spec-difference.ts';
import { spec } from '../support/controllers-entries.ts';
import { civitas, type Outcome, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';
import { progressEntry, rolloutEntry } from '../support/rollout-entries.ts';
import { keyed, knownLog } from '../support/why-entries.ts';

/** Programs start slowly on a busy machine. */
const DEADLINE_MS = 60_000;

/** Does at its n-th start what stands in `do.<n>`, and keeps what it was shown in `seen.<n>`. */
const EDITOR = `#!/bin/sh
n=$(($(cat rounds) + 1)); echo $n > rounds
cp "$2" seen.$n
[ ! -f do.$n ] || . ./do.$n
`;

interface Edited {
  readonly outcome: Outcome;
  /** Documents that the agent was asked for. */
  readonly asked: readonly unknown[];
  /** What stood in the editor, round by round, its head without the name of the schema's file. */
  readonly shown: readonly string[];
  /** Files that were left. */
  readonly drafts: readonly { readonly mode: string; readonly text: string }[];
}

interface Case {
  /** Lines of shell by which somebody edits "$2", round by round. */
  readonly edits: readonly string[];
  readonly wording?: string;
  /** The spec at revision 12. */
  readonly base?: ClusterSpec;
  /** What an edit is refused for, ask by ask. */
  readonly refusals?: readonly (TerminalError | undefined)[];
  /** The spec at revision 14, that somebody else put there while the editor was open. */
  readonly overtakenBy?: ClusterSpec;
  /** What stands for the editor. */
  readonly editor?: string;
  /** Answers on the log once the edit was taken, one after the other. */
  readonly afterwards?: readonly Partial<KnownLog>[];
}

/** Runs `civitas edit` beside an agent with the spec at revision 12. */
function edit({
  edits,
  wording,
  base,
  refusals = [],
  overtakenBy,
  ...more
}: Case): Promise<Edited> {
  return inNewFolder(async (cwd) => {
    await writeFile(join(cwd, 'editor.sh'), EDITOR);
    await writeFile(join(cwd, 'rounds'), '0');
    for (const [index, text] of edits.entries()) {
      await writeFile(join(cwd, `do.${index + 1}`), text);
    }
    const asked: unknown[] = [];
    let present = keyed('spec', 'current', base ?? spec(), 12);
    const wordings = wording ? [keyed('wording', 'current', { text: wording })] : [];
    const changes = {
      '/v1/spec': async (body: unknown) => {
        asked.push(body);
        const refusal = refusals[asked.length - 1];
        if (refusal) throw refusal;
        const { document, ifRevision } = specAskSchema.parse(body);
        if (overtakenBy && asked.length === 1) {
          present = keyed('spec', 'current', overtakenBy, 14);
        }
        if (ifRevision !== present.revision) throw new TerminalError('apply.conflict', 'It moved.');
        const wanted = spec(document);
        const difference = [...specDifference(present.value, wanted)];
        return { revision: 20, changes: difference, wordingKept: true };
      },
    };
    const { editor, afterwards = [] } = more;
    const looks = [...afterwards];
    const api = {
      '/v1/known-log': async () => {
        const taken = asked.length > 0 ? looks.shift() : undefined;
        return knownLog({ spec: [present], wordings, ...taken });
      },
    };
    const stop = await serveLocalApi(join(cwd, 'agent.sock'), api, changes);
    const shell = editor ?? 'sh ./editor.sh --wait';
    const words = ['VISUAL=', `EDITOR=${shell}`, `TMPDIR=${cwd}`];
    const command = [
      'env',
      ...words,
      ...civitas(['edit', ...(afterwards.length > 0 ? ['--wait'] : []), '--state-dir', '.']),
    ] as const;
    try {
      const outcome = await runCommand(['env', ...command.slice(1)], { cwd });
      return { outcome: withoutPath(outcome, cwd), asked, ...(await left(cwd)) };
    } finally {
      await stop();
    }
  });
}

function withoutPath({ exitCode, stdout, stderr }: Outcome, cwd: string): Outcome {
  const drafts = new RegExp(`${cwd}/civitas-edit-\\w+`, 'g');
  return { exitCode, stdout, stderr: stderr.replace(drafts, 'DRAFT') };
}

async function left(cwd: string): Promise<Pick<Edited, 'shown' | 'drafts'>> {
  const names = await readdir(cwd);
  const seen = names.filter((name) => name.startsWith('seen.')).sort();
  const folders = names.filter((name) => name.startsWith('civitas-edit-'));
  const read = (name: string) => readFile(join(cwd, name), 'utf8');
  const drafts = folders.map(async (folder) => {
    const file = join(folder, 'cluster.yaml');
    const mode = ((await stat(join(cwd, file))).mode & 0o777).toString(8);
    return { mode, text: body(await read(file)) };
  });
  const shown = seen.map(async (name) => body(await read(name)));
  return { shown: await Promise.all(shown), drafts: await Promise.all(drafts) };
}

function body(text: string): string {
  return text.replace(/^# yaml-language-server: \$schema=.*cluster\.schema\.json\n/m, '');
}

const WORDING = '# small\nsize: 3 # for now\nkubernetesVersion: v1.34.4\n';
const WELCOME = `#! The spec of the cluster. Lines that begin with #! are dropped, other comments are kept.
#! Leave without a change to give up.
`;

describe('civitas edit', () => {
  test(
    'asks for what was left in the editor, with the comments in it, and leaves no file',
    async () => {
      const wording = 'kubernetesVersion: v1.34.4\n';
      const edits = ['echo "size: 4 # four racks" >> "$2"'];
      const { outcome, asked, shown, drafts } = await edit({ edits, wording });
      expect(outcome).toEqual({
        exitCode: 0,
        stdout: 'Changed, revision 20:\n  size: (not set) → 4\n',
        stderr: '',
      });
      expect(shown).toEqual([`${WELCOME}${wording}`]);
      expect(asked).toEqual([
        {
          document: { kubernetesVersion: 'v1.34.4', size: 4 },
          dryRun: false,
          ifRevision: 12,
          wording: `${wording}size: 4 # four racks\n`,
        },
      ]);
      expect(drafts).toEqual([]);
    },
    DEADLINE_MS,
  );

  test(
    'shows every field to the first who edits',
    async () => {
      const { shown, outcome } = await edit({ edits: [] });
      expect(shown[0]).toContain('\ncontrolPlanes: 3\nkubernetesVersion: v1.34.4\nnetwork:\n');
      expect(outcome).toEqual({ exitCode: 0, stdout: 'Nothing was edited.\n', stderr: '' });
    },
    DEADLINE_MS,
  );

  test.each(['touch "$2"', ': > "$2"', 'rm "$2"'])(
    'does nothing after %s',
    async (line) => {
      const { outcome, asked, drafts } = await edit({ edits: [line] });
      expect(outcome.stdout).toBe('Nothing was edited.\n');
      expect([asked, drafts]).toEqual([[], []]);
    },
    DEADLINE_MS,
  );

  test(
    'opens again with what is wrong above, and with all that was written',
    async () => {
      const refused =
        'The spec is refused, judged at revision 12: size is 2, less than controlPlanes: raise it. zones is wrong: no list.';
      const { shown, outcome, asked } = await edit({
        edits: ['echo "size: 2 # racks" >> "$2"', 'sed -i "s/size: 2/size: 4/" "$2"'],
        wording: 'kubernetesVersion: v1.34.4\n',
        refusals: [new TerminalError('spec.refused', refused)],
      });
      expect(shown[1]).toBe(`#! The spec is refused, judged at revision 12:
#!   size is 2, less than controlPlanes: raise it.
#!   zones is wrong: no list.
#! Correct it, or leave as it is to give up: this file is kept then.
kubernetesVersion: v1.34.4
size: 2 # racks
`);
      expect(outcome.stdout).toBe('Changed, revision 20:\n  size: (not set) → 4\n');
      expect(asked).toHaveLength(2);
    },
    DEADLINE_MS,
  );

  test(
    'asks nobody for what is no YAML, and says where',
    async () => {
      const { shown, asked } = await edit({
        edits: ['echo "size: [" >> "$2"', 'sed -i "s/size: .*/size: 4/" "$2"'],
        wording: 'kubernetesVersion: v1.34.4\n',
      });
      expect(shown[1]).toMatch(/^#! The file that you left is no Cluster document \(.* line 3/);
      expect(asked).toHaveLength(1);
    },
    DEADLINE_MS,
  );

  test(
    'keeps what was written, for its owner alone, when somebody gives up',
    async () => {
      const { outcome, drafts } = await edit({
        edits: ['echo "size: 2" >> "$2"'],
        wording: 'kubernetesVersion: v1.34.4\n',
        refusals: [new TerminalError('spec.refused', 'The spec is refused: size is 2.')],
      });
      expect(outcome).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'What you wrote is kept in DRAFT/cluster.yaml, for `civitas apply -f`.\ncivitas: Nothing was changed, as the edit was given up. [edit.given-up]\n',
      });
      expect(drafts.map(({ mode }) => mode)).toEqual(['600']);
      expect(drafts[0]?.text).toMatch(/kubernetesVersion: v1.34.4\nsize: 2\n$/);
    },
    DEADLINE_MS,
  );

  test(
    'keeps it, too, when the agent can not be asked',
    async () => {
      const { outcome, drafts } = await edit({
        edits: ['echo "size: 4" >> "$2"'],
        refusals: [new TerminalError('change.no-log', 'No log.')],
      });
      expect(outcome.exitCode).toBe(1);
      expect(outcome.stderr).toBe(
        'What you wrote is kept in DRAFT/cluster.yaml, for `civitas apply -f`.\ncivitas: No log. [change.no-log]\n',
      );
      expect(drafts).toHaveLength(1);
    },
    DEADLINE_MS,
  );

  test.each([
    {
      editor: './nowhere --fast',
      says: 'The editor ./nowhere --fast can not be run: set VISUAL or EDITOR to one that can. [edit.no-editor]',
    },
    {
      editor: 'false',
      says: 'The editor false ended with exit code 1, so nothing was asked for: edit again. [edit.editor-failed]',
    },
  ])(
    'says when the editor is $editor',
    async ({ editor, says }) => {
      const { outcome, drafts } = await edit({ edits: [], editor });
      expect(outcome.stderr.trimEnd().split('\n').at(-1)).toBe(`civitas: ${says}`);
      expect([outcome.exitCode, drafts]).toEqual([1, []]);
    },
    DEADLINE_MS,
  );
});

describe('civitas edit --wait', () => {
  const edits = ['echo "size: 4" >> "$2"'];
  const wording = 'kubernetesVersion: v1.34.4\n';
  const present = keyed('spec', 'current', spec({ size: 4 }), 20);

  test(
    'follows the rollout of that edit until it is done',
    async () => {
      const rollouts = [rolloutEntry({ specRevision: 20 })];
      const before = rolloutEntry({ planId: 'upgrade-v1-34-4-9', specRevision: 9 });
      const done = progressEntry({ state: 'done', stage: '' });
      const { outcome } = await edit({
        edits,
        wording,
        afterwards: [
          { rollouts: [before] },
          { rollouts: [before, ...rollouts] },
          { rollouts },
          { rollouts, progresses: [done] },
        ],
      });
      expect(outcome.stdout.split('\n').slice(2)).toEqual([
        'upgrade-v1-35-1-57: waiting',
        'n1 upgrade-control-plane v1.35.1: done after 1m40s',
        'n2 upgrade-kubelet v1.35.1: under way',
        'upgrade-v1-35-1-57: done',
        '',
      ]);
      expect(outcome.exitCode).toBe(0);
    },
    DEADLINE_MS,
  );

  test(
    'ends at once where none follows',
    async () => {
      const { outcome } = await edit({ edits, wording, afterwards: [{ spec: [present] }] });
      expect(outcome.stdout.split('\n').slice(2)).toEqual([
        'No rollout follows: every node runs what the spec says.',
        '',
      ]);
    },
    DEADLINE_MS,
  );
});

describe('civitas edit, when somebody else was faster,', () => {
  const base = spec({ size: 3 });
  const overtakenBy = spec({ size: 5, controlPlanes: 5 });
  const edits = ['sed -i "s/size: 3/size: 4/" "$2"'];
  const MERGED = `#! Somebody else changed the spec, from revision 12 to 14:
#!   size: 3 → 5 (yours: 4)
#!   controlPlanes: 3 → 5
#! Save it to ask for yours on top of that, or leave without saving to give up.
# small
size: 4 # for now
kubernetesVersion: v1.34.4
controlPlanes: 5
`;

  test(
    'shows the difference, and goes on on top of it',
    async () => {
      const { shown, asked, outcome } = await edit({
        edits: [...edits, 'touch "$2"'],
        wording: WORDING,
        base,
        overtakenBy,
      });
      expect(shown[1]).toBe(MERGED);
      expect(asked.map((each) => specAskSchema.parse(each).ifRevision)).toEqual([12, 14]);
      expect(outcome.stdout).toBe('Changed, revision 20:\n  size: 5 → 4\n');
    },
    DEADLINE_MS,
  );

  test(
    'asks for nothing more once it is left without saving, and keeps it',
    async () => {
      const { asked, outcome, drafts } = await edit({ edits, wording: WORDING, base, overtakenBy });
      expect(asked).toHaveLength(1);
      expect(outcome.exitCode).toBe(1);
      expect(drafts.map(({ text }) => text)).toEqual([MERGED]);
    },
    DEADLINE_MS,
  );
});
