import { describe, expect, test } from '@jest/globals';
import { failureReason } from '../../src/state/kubeadm-output.ts';

describe('failureReason', () => {
  test('picks the lines that tell', () => {
    const output = [
      '[preflight] Running pre-flight checks',
      '[preflight] Some fatal errors occurred:',
      '\t[ERROR Port-10250]: Port 10250 is in use',
      "[preflight] If you know what you are doing, you can make a check non-fatal with '--x'",
      'error execution phase preflight: preflight checks failed',
      'To see the stack trace of this error execute with --v=5 or higher',
    ].join('\n');
    expect(failureReason(output)).toBe(
      '[ERROR Port-10250]: Port 10250 is in use | error execution phase preflight: preflight checks failed',
    );
  });

  test.each([
    { secret: 'abcdef.0123456789abcdef', kind: 'bootstrap token' },
    { secret: 'ab'.repeat(32), kind: 'certificate key' },
    { secret: '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', kind: 'key' },
    { secret: '-----BEGIN RSA PRIVATE KEY-----\nMIIE', kind: 'key that was cut off' },
  ])('shows no $kind', ({ secret }) => {
    expect(failureReason(`error: could not use ${secret}`)).toBe('error: could not use ***');
  });

  test('is short, and says so when there is nothing to say', () => {
    expect(failureReason(`error: ${'x'.repeat(10_000)}`)).toHaveLength(400);
    expect(failureReason('')).toBe('kubeadm said nothing');
    expect(failureReason('Killed\n')).toBe('Killed');
  });
});
