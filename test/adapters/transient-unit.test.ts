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
  expect(args.slice(args.indexOf('--'))).toEqual([
    '--',
    'kubeadm',
    'init',
    '--config',
    '/etc/$$HOME',
    '--help',
  ]);
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
