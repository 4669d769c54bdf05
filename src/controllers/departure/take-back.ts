import type { KubeNodeMarks } from '../../ports/kube-objects.ts';
import { CORDON_MARK } from '../../state/drain-marks.ts';
import type { Action } from './action.ts';
import type { Part } from './course.ts';
import { OUT_OF_SERVICE_MARK } from './marks.ts';

/** Undoes to a Node what a departure did, and leaves what people did. */
export function takeBackMarks(node: string, labels: KubeNodeMarks['labels']): readonly Action[] {
  return [
    ...(OUT_OF_SERVICE_MARK in labels ? [{ type: 'put-into-service', node } as const] : []),
    ...(CORDON_MARK in labels ? [{ type: 'uncordon', node } as const] : []),
  ];
}

/** A machine that was found dead and lives: its volumes are not free to be taken. */
export const beInService: Part = ({ of, node }) => {
  if (node === undefined || !(OUT_OF_SERVICE_MARK in node.marks.labels)) return undefined;
  return { actions: [{ type: 'put-into-service', node: of.hostname }] };
};
