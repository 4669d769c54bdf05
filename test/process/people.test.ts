import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { civitas, type Outcome, refusal, runCommand } from '../support/process-command.ts';
import { openProcessRoom } from '../support/process-room.ts';

const room = await openProcessRoom();
const DEADLINE_MS = 120_000;
const n1 = room.start({ tokenFile: await room.token(), number: 1 });
const whole = n1.sees('the whole cluster', (view) => view.whole);

afterAll(() => room.close(), 60_000);

async function ask(args: string): Promise<Outcome> {
  await whole;
  return runCommand(civitas([...args.split(' '), '--state-dir', n1.stateDir]));
}

/** As the cluster says it, with one line changed. */
async function editedSpec(from: string, to: string): Promise<string> {
  const { stdout } = await ask('get spec');
  const file = join(room.folder, `edited-${to.replaceAll(/\W/g, '-')}.yaml`);
  await writeFile(file, stdout.replace(from, to));
  return file;
}

describe('through the agent of a cluster of one node', () => {
  test(
    'people read, judge and change the spec, and find in the history that they did',
    async () => {
      const first = await editedSpec('graceSeconds: 60', 'graceSeconds: 90');
      const second = await editedSpec('graceSeconds: 60', 'graceSeconds: 120');

      const judged = await ask(`apply -f ${first} --dry-run`);
      expect(judged).toEqual({
        exitCode: 0,
        stdout: 'Would be changed:\n  replacement.graceSeconds: 60 → 90\n',
        stderr: '',
      });

      const applied = await ask(`apply -f ${first}`);
      expect(applied.stdout).toMatch(
        /^Changed, revision \d+:\n {2}replacement\.graceSeconds: 60 → 90\n$/,
      );

      const late = await ask(`apply -f ${second}`);
      expect(late.exitCode).toBe(1);
      expect(late.stderr).toMatch(
        /changed by somebody else, from revision \d+ to \d+ \(yours says replacement\.graceSeconds: 90 → 120\)/,
      );

      const { stdout: spec } = await ask('get spec');
      expect(spec).toContain('graceSeconds: 90');
      const { stdout: history } = await ask('history -o json');
      const { events } = JSON.parse(history) as { events: readonly object[] };
      expect(events.at(-1)).toMatchObject({
        action: 'edit-spec',
        term: null,
        summary: 'the spec was changed: replacement.graceSeconds: 60 → 90',
      });
    },
    DEADLINE_MS,
  );

  test(
    'people edit it with comments, look back at what it was, and ask what another would lead to',
    async () => {
      const before = (await ask('get spec -o json')).stdout;
      const sed = 'sed -i "s/graceSeconds: 90/graceSeconds: 120 # two minutes/"';
      const words = ['env', 'VISUAL=', `EDITOR=${sed}`] as const;
      const command = civitas(['edit', '--state-dir', n1.stateDir]);
      const edited = await runCommand([...words, ...command]);
      expect(edited).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(
          /^Changed, revision \d+:\n {2}replacement\.graceSeconds: 90 → 120\n$/,
        ),
        stderr: '',
      });
      expect((await ask('get spec')).stdout).toContain('  graceSeconds: 120 # two minutes\n');

      const { revision } = (JSON.parse(before) as { metadata: { revision: number } }).metadata;
      expect((await ask('get revisions')).stdout).toMatch(
        new RegExp(`^${revision} +[-0-9]+ [:0-9]+ +replacement\\.graceSeconds: 60 → 90$`, 'm'),
      );
      const kept = JSON.parse((await ask(`get spec --revision ${revision} -o json`)).stdout);
      expect(kept).toMatchObject({ replacement: { graceSeconds: 90 } });

      const other = await editedSpec('graceSeconds: 120', 'graceSeconds: 60');
      const same = await editedSpec('graceSeconds: 120', 'graceSeconds: 120');
      expect((await ask(`diff -f ${same}`)).exitCode).toBe(0);
      const differs = await ask(`diff -f ${other}`);
      expect([differs.exitCode, differs.stdout]).toEqual([
        1,
        'replacement.graceSeconds: 120 → 60\n',
      ]);
      const whatIf = await ask(`plan --what-if -f ${other}`);
      expect(whatIf.stdout).toContain(
        'No role would change.\n\nNo rollout would follow: every node runs what that spec says.\n',
      );
      expect((await ask('plan')).stdout).toBe('Nothing is planned.\n');
      expect((await ask('pause')).stderr).toContain('[plan.none-under-way]');
    },
    DEADLINE_MS,
  );

  test(
    'an edit that no running cluster can follow is refused with all of its fields',
    async () => {
      const file = await editedSpec('podSubnet: 10.244.0.0/16', 'podSubnet: 10.60.0.0/16');
      const { exitCode, stderr } = await ask(`apply -f ${file}`);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^civitas: The spec is refused, judged at revision \d+: network\.podSubnet is 10\.60\.0\.0\/16, but the cluster was founded with 10\.244\.0\.0\/16: keep it\. \[spec\.refused\]\n$/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'the last control plane may not leave, and nothing was written',
    async () => {
      const { exitCode, stdout, stderr } = await ask('leave --wait');
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /^civitas: n1 can not leave, judged at revision \d+: it is the last control plane, so raise controlPlanes in the spec and wait until others serve\. \[leave\.last-control-plane\]\n$/,
      );
      const { stdout: history } = await ask('history --node n1');
      expect(history).not.toContain('was asked to leave');
    },
    DEADLINE_MS,
  );

  test(
    'status tells what may be lost, explain and why-not what the node is',
    async () => {
      expect((await ask('status')).stdout).toContain('May be lost now: nothing; not n1\n');
      const { stdout: explained } = await ask('explain n1');
      expect(explained).toMatch(/^Role: {5}control-plane$/m);
      expect(explained).toMatch(/^Because: {2}n1 founds the cluster$/m);
      expect(explained).toContain('Waits for nothing.');
      const { stdout: whyNot } = await ask('why-not promote n1');
      expect(whyNot).toContain('n1 is not promoted:\n  n1 is a control plane already\n');
    },
    DEADLINE_MS,
  );

  test.each(['explain n9', 'why-not promote n9', 'history --node n9'])(
    'an unknown node is answered with those there are: %s',
    async (args) => {
      const { exitCode, stdout, stderr } = await ask(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /^civitas: There is no node n9 at revision \d+: the cluster has n1\. \[cli\.unknown-node\]\n$/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'a bundle is made, and the cluster is given it',
    async () => {
      const folder = join(room.folder, 'programs');
      await mkdir(folder);
      for (const name of ['kubeadm', 'kubelet', 'kubectl'])
        await writeFile(join(folder, name), name);
      const file = join(room.folder, 'v1.34.9.bundle');
      const made = await runCommand(
        civitas(['bundle', 'create', '--kubernetes=v1.34.9', '--programs', folder, '-o', file]),
      );
      expect(made).toMatchObject({ exitCode: 0, stderr: '' });
      expect(made.stdout).toMatch(/^([0-9a-f]{64} {2}(kubeadm|kubelet|kubectl)\n){3}$/);
      const loaded = await ask(`bundle load ${file}`);
      expect(loaded).toMatchObject({ exitCode: 0, stderr: '' });
      expect(loaded.stdout.split('Revision')[0]).toBe(made.stdout);
      expect(loaded.stdout).toMatch(
        /Revision \d+: the bundle of v1\.34\.9 for amd64 was loaded: kubeadm, kubelet, kubectl\.\n$/,
      );
    },
    DEADLINE_MS,
  );

  test(
    'a bundle that is none is refused, and so is one that is not there',
    async () => {
      const file = join(room.folder, 'no.bundle');
      const absent = await ask(`bundle load ${file}`);
      expect(absent).toEqual(
        refusal(
          2,
          `${file} can not be read or written (ENOENT): check the path, its permissions and the room on its disk. [cli.no-file]`,
        ),
      );
      await writeFile(file, 'text');
      const refused = await ask(`bundle load ${file}`);
      expect(refused).toEqual(
        refusal(
          1,
          `${file} is no whole bundle (it ends too early): make it with \`civitas bundle create\`, or copy it again. [bundle.bad-archive]`,
        ),
      );
    },
    DEADLINE_MS,
  );

  test(
    'a plan that is none is refused',
    async () => {
      expect((await ask('get plans')).stdout).toBe('No plan waits for approval.\n');
      const { exitCode, stderr } = await ask('approve replace-n2-7');
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^civitas: There is no plan replace-n2-7 at revision \d+, or no more: none waits\. \[plan\.unknown\]\n$/,
      );
      expect(await ask('approve Replace_N2')).toEqual(
        refusal(
          2,
          'Replace_N2 is no name of a plan: choose one that `civitas get plans` shows. [cli.bad-plan-name]',
        ),
      );
    },
    DEADLINE_MS,
  );
});
