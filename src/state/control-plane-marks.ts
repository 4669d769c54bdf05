const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** What kubeadm's phase mark-control-plane writes on a Node (its constants package). */
export const CONTROL_PLANE_TAINT = { key: CONTROL_PLANE, value: '', effect: 'NoSchedule' } as const;
export const CONTROL_PLANE_LABELS = {
  [CONTROL_PLANE]: '',
  'node.kubernetes.io/exclude-from-external-load-balancers': '',
} as const;
