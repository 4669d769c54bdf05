import { expect, test } from '@jest/globals';
import { refuseSecondWriters, register } from '../../src/runtime/registered-controller.ts';
import type { Kind } from '../../src/state/kinds.ts';

function writerOf(name: string, outputs: readonly Kind[]) {
  return register({
    name,
    scope: 'node',
    inputs: [],
    outputs,
    observe: async () => undefined,
    decide: () => [],
    act: async () => undefined,
  });
}

test('two controllers may not write one kind, and the refusal names both', () => {
  const controllers = [writerOf('roles', ['assignment']), writerOf('upgrade', ['assignment'])];
  expect(() => refuseSecondWriters(controllers)).toThrow(
    'controllers roles and upgrade both declare to write assignment: report it.',
  );
});

test('controllers that write different kinds stand side by side', () => {
  const controllers = [writerOf('roles', ['assignment']), writerOf('kubeadm', ['status'])];
  expect(() => refuseSecondWriters(controllers)).not.toThrow();
});

test.each<Kind>(['request', 'approval'])(
  'no controller may write what people ask for: %s',
  (kind) => {
    expect(() => refuseSecondWriters([writerOf('roles', [kind])])).toThrow(
      `controllers local-api and roles both declare to write ${kind}: report it.`,
    );
  },
);

test('several controllers may tell what they decided', () => {
  const controllers = [writerOf('roles', ['event']), writerOf('membership', ['event'])];
  expect(() => refuseSecondWriters(controllers)).not.toThrow();
});
