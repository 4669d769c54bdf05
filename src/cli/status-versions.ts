import type { NodeView } from '../state/agent-view.ts';

/** Columns of `civitas status -o wide`: what a control plane runs besides its kubelet. */
export const VERSION_HEAD = ['API SERVER', 'CONTROLLERS', 'SCHEDULER', 'ETCD'];

export function versionCells({ parts }: NodeView): readonly string[] {
  const versions = [
    parts?.apiServer,
    parts?.controllerManager,
    parts?.scheduler,
    parts?.etcd,
  ] as const;
  return versions.map((version) => version ?? '-');
}
