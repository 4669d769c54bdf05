import type { KubeNodeMarks, KubeTaint } from '../../ports/kube-objects.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../state/control-plane-marks.ts';
import { isSameTaint } from '../../state/same-taint.ts';

/** Tells what a departure did to a Node from what people did; the value of the label is the operation. */
export const OUT_OF_SERVICE_MARK = 'civitas.dev/out-of-service-for';

/** Kubernetes then takes the pods of the node for ended and its volumes for free (KEP-2268). */
export const OUT_OF_SERVICE: KubeTaint = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
};

type Marks = Pick<KubeNodeMarks, 'taints' | 'labels'>;

export function isOutOfService({ taints }: Marks): boolean {
  return taints.some((taint) => isSameTaint(taint, OUT_OF_SERVICE));
}

export function isMarkedControlPlane({ taints, labels }: Marks): boolean {
  return (
    taints.some((taint) => isSameTaint(taint, CONTROL_PLANE_TAINT)) ||
    Object.keys(CONTROL_PLANE_LABELS).some((label) => label in labels)
  );
}
