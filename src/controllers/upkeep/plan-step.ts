import type { OrderTask } from '../../state/order.ts';
import type { RolloutStep, Stage } from '../../state/rollout.ts';
import type { UpkeptNode } from './upkept-nodes.ts';

interface Words {
  readonly disturbs: string;
  readonly undo: string;
  readonly estimateMs: number;
}

const SECOND_MS = 1_000;
const NOTHING = 'nothing';

/**
 * What each task means for people. Durations as seen on machines that share two cores (docs/figures.md).
 */
const WORDS: Readonly<Record<OrderTask, Words>> = {
  prepare: {
    disturbs: NOTHING,
    undo: 'nothing to undo: programs and images of no use stay in their folder',
    estimateMs: 60 * SECOND_MS,
  },
  survey: { disturbs: NOTHING, undo: NOTHING, estimateMs: 15 * SECOND_MS },
  'upgrade-control-plane': {
    disturbs: 'its API server and its etcd member start again, while others serve if there are any',
    undo: 'before it is done the old manifests are put back; etcd keeps what it became',
    estimateMs: 60 * SECOND_MS,
  },
  'upgrade-kubelet': {
    disturbs: 'its pods move to other nodes; its kubelet starts again',
    undo: 'the old program and its configuration are put back',
    estimateMs: 60 * SECOND_MS,
  },
  reconfigure: {
    disturbs: 'its kubelet, and on a control plane its API server, start again',
    undo: 'the former configuration is put back; an edit of the spec brings it back everywhere',
    estimateMs: 60 * SECOND_MS,
  },
  'renew-certificates': {
    disturbs: 'on a control plane its API server and its etcd member start again',
    undo: 'the former certificates are put back',
    estimateMs: 60 * SECOND_MS,
  },
  drain: { disturbs: 'its pods move to other nodes', undo: 'civitas uncordon', estimateMs: 0 },
};

/** One step for one node, as a plan has it. */
export function planStep(
  { nodeId, hostname }: UpkeptNode,
  stage: Stage,
  task: OrderTask,
  kubernetesVersion: string,
  differs: Partial<Pick<RolloutStep, 'first' | 'drains'>> = {},
): RolloutStep {
  const names = { nodeId, hostname, kubernetesVersion };
  return { task, stage, ...names, first: false, drains: false, ...WORDS[task], ...differs };
}

/** Workers one after the other: the first of them shows whether the others should follow. */
export function workerStages<T>(workers: readonly T[]): readonly (readonly [T, Stage])[] {
  return workers.map((worker, index) => [worker, index === 0 ? 'canary' : 'workers'] as const);
}
