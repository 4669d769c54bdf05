import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { transientUnitArgs } from '../../src/adapters/transient-unit.ts';

const unit = {
  name: 'civitas-op-x.service',
  description: 'x',
  argv: ['kubeadm', 'init', '--config', '/etc/$HOME', '--help'],
  timeoutSeconds: 300,
  logPath: '/run/x.log',
};

test('the words of the command reach it as they are, options and dollars too', () => {
  const args = transientUnitArgs(unit);
  expect(args.slice(args.indexOf('--'), args.indexOf('--') + 3)).toEqual(['--', '/bin/sh', '-c']);
  expect(args.slice(args.indexOf('--') + 4)).toEqual([
    'sh',
    'kubeadm',
    'init',
    '--config',
    '/etc/$$HOME',
    '--help',
  ]);
});

/** As systemd reads it: `$$` is one dollar sign. */
function inShell(argv: readonly string[]) {
  const args = transientUnitArgs({ ...unit, argv });
  const [program = '', ...words] = args.slice(args.indexOf('--') + 1);
  const [first, script = '', ...rest] = words.map((word) => word.replaceAll('$$', '$'));
  const quick = script.replace('sleep 1', 'sleep 0.01');
  return spawnSync(program, [first ?? '', quick, ...rest], { encoding: 'utf8', timeout: 20_000 });
}

test.each([
  { argv: ['echo', 'two words', '$HOME'], stdout: 'two words $HOME\n', status: 0 },
  { argv: ['sh', '-c', 'exit 7'], stdout: '', status: 7 },
  { argv: ['sh', '-c', 'kill -9 $$'], stdout: '', status: 137 },
])('what the shell around $argv says is what the command says', ({ argv, ...said }) => {
  expect(inShell(argv)).toMatchObject(said);
});

test('what kubeadm writes is synced while it runs', () => {
  const script = transientUnitArgs(unit).find((word) => word.includes('sync {}'));
  expect(script).toContain('find /etc/kubernetes /var/lib/kubelet/config.yaml');
});

test('the service is limited in time and stays visible when it ended', () => {
  const args = transientUnitArgs(unit);
  expect(args).toContain('--property=TimeoutStartSec=300');
  expect(args).toContain('--remain-after-exit');
  expect(args).not.toContain('--collect');
});

test('the caller does not wait for the end, and what the command wrote is on disk before it counts as ended', () => {
  expect(transientUnitArgs(unit)).toEqual(
    expect.arrayContaining([
      '--service-type=oneshot',
      '--no-block',
      '--property=ExecStartPost=-/bin/sync -f /etc /var/lib',
    ]),
  );
});
