import type { Action } from '../../../src/controllers/host-upkeep/action.ts';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type { Job } from '../../../src/controllers/host-upkeep/job.ts';
import type { Observed, Sight } from '../../../src/controllers/host-upkeep/observed.ts';
import {
  FIRST_UPKEEP_PROGRESS,
  type UpkeepProgress,
} from '../../../src/machines/upkeep-progress.ts';
import type { Command } from '../../../src/state/command.ts';
import type { Order, OrderTask } from '../../../src/state/order.ts';
import type { Upkeep } from '../../../src/state/upkeep.ts';
import { id } from '../../support/controllers-entries.ts';
import { NEW, OLD, orderOf } from '../../support/upkeep-bench.ts';

const FOLDER = '/opt/k8s/1.34.4';
export const WALL_MS = 1_000_000;
const ABSENT: Command = { phase: 'absent' };
const WORKER_PARTS: Upkeep['parts'] = {
  kubelet: OLD,
  apiServer: null,
  controllerManager: null,
  scheduler: null,
  etcd: null,
  cluster: null,
};

/** A worker that may begin at once. */
export function sight(overrides: Partial<Sight> = {}): Sight {
  return {
    presence: { folder: FOLDER, problem: null },
    arrival: { phase: 'idle' },
    arrivalForMs: 0,
    images: undefined,
    isParked: false,
    formerRuns: false,
    isControlPlane: false,
    isDrained: true,
    sponsor: 'n1',
    apiServers: [{ hostname: 'n1', version: NEW }],
    etcdTrouble: null,
    ignorePreflightErrors: [],
    imageRepository: undefined,
    command: ABSENT,
    tornFiles: [],
    isUnsynced: false,
    apiServerReady: false,
    render: undefined,
    isChanged: false,
    mirrorPods: undefined,
    trouble: null,
    untold: null,
    goodLooks: 0,
    nextLookInMs: 1_000,
    inStateForMs: 0,
    ...overrides,
  };
}

/** A worker with an order for its kubelet, of which it said nothing yet. */
export function observed(overrides: Partial<Observed> = {}): Observed {
  const order = orderOf(2, 'upgrade-kubelet');
  return {
    nodeId: id(2),
    incarnation: 1,
    wallMs: WALL_MS,
    synced: true,
    order,
    isLate: false,
    obeyedTerm: order.term,
    servesBy: 'join-2',
    reported: undefined,
    parts: WORKER_PARTS,
    job: undefined,
    kubeletDown: false,
    sight: sight(),
    ...overrides,
  };
}

/** What the disk says of an order in that state. */
export function jobOf(order: Order, progress: Partial<UpkeepProgress>): Job {
  const { operationId, task, kubernetesVersion } = order;
  return {
    operationId,
    task,
    kubernetesVersion,
    servesBy: 'join-2',
    startedWallMs: WALL_MS,
    before: { kubelet: OLD, mirrorPods: [] },
    progress: { ...FIRST_UPKEEP_PROGRESS, ...progress },
  };
}

export function ended(outcome: 'succeeded' | 'failed', reason = 'it said so'): Command {
  return { phase: 'ended', outcome, reason, output: reason };
}

/** Types of what is done, but for what is told, and the reason of what is waited for. */
export function course(input: Observed) {
  const steps = decide(input);
  const requeue = steps.find((step) => step.type === 'requeue');
  return {
    does: steps.map(({ type }) => type).filter((type) => type !== 'requeue' && type !== 'report'),
    waits: requeue?.type === 'requeue' ? requeue.waiting?.reason : undefined,
  };
}

/** The state that the disk is brought to; undefined when it stays as it is. */
export function nextState(input: Observed): string | undefined {
  const kept = decide(input).find((step): step is Extract<Action, { type: 'keep-job' }> => {
    return step.type === 'keep-job';
  });
  return kept?.job.progress.state;
}

/** A worker, unless said otherwise, in the middle of an order. */
export function under(
  task: OrderTask,
  progress: Partial<UpkeepProgress>,
  seen: Partial<Sight> = {},
): Observed {
  const order = orderOf(2, task);
  return observed({ order, job: jobOf(order, progress), sight: sight(seen) });
}
