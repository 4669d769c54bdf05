import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { SINGLETON } from '../../state/kinds.ts';

interface Observed {
  readonly specWritten: boolean;
}

type Action = { readonly type: 'write-spec' };

/** Writes the spec that genesis decided into an empty log; from then on people change it there. */
export function createFounding(spec: ClusterSpec): Controller<Observed, Action> {
  return {
    name: 'founding',
    scope: 'leader',
    inputs: ['spec'],
    outputs: ['spec'],
    settledLookMs: 60_000,
    async observe({ store }: Ports) {
      return { specWritten: store.get('spec', SINGLETON) !== undefined };
    },
    decide: ({ specWritten }) => (specWritten ? [] : [{ type: 'write-spec' }]),
    async act(_action, { store }) {
      // Revision 0: a copy that is behind must not undo an edit.
      await store.put('spec', SINGLETON, spec, 0);
    },
  };
}
