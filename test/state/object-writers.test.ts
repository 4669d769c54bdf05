import { describe, expect, test } from '@jest/globals';
import { type WrittenObject, writersBy } from '../../src/state/object-writers.ts';

const OLD = 'storage.k8s.io/v1beta1';
const NEW = 'storage.k8s.io/v1';

function object(
  writers: readonly (readonly [manager: string, apiVersion: string, wroteWallMs: number])[],
  appliedApiVersion: string | null = null,
): WrittenObject {
  return {
    namespace: null,
    name: 'gold',
    writers: writers.map(([manager, apiVersion, wroteWallMs]) => {
      return { manager, apiVersion, wroteWallMs };
    }),
    appliedApiVersion,
  };
}

describe('an object is written by the version that goes', () => {
  test.each<readonly [string, WrittenObject, readonly string[]]>([
    ['by whom it was last', object([['helm', OLD, 1]]), ['helm']],
    [
      'by each of them',
      object([
        ['helm', OLD, 1],
        ['operator', OLD, 2],
      ]),
      ['helm', 'operator'],
    ],
    ['by the manifest that kubectl keeps', object([], OLD), ['kubectl-client-side-apply']],
    [
      'by kubectl once, whatever tells of it',
      object([['kubectl-client-side-apply', OLD, 1]], OLD),
      ['kubectl-client-side-apply'],
    ],
    ['by nobody who writes the newer one', object([['helm', NEW, 1]], NEW), []],
    [
      'by nobody who has moved since',
      object([
        ['helm', OLD, 1],
        ['helm', NEW, 2],
      ]),
      [],
    ],
    [
      'by who has moved back',
      object([
        ['helm', OLD, 3],
        ['helm', NEW, 2],
      ]),
      ['helm'],
    ],
    ['by no part of Kubernetes, which goes up with it', object([['kube-apiserver', OLD, 1]]), []],
  ])('%s', (_, written, writers) => {
    expect(writersBy(OLD, written)).toEqual(writers);
  });
});
