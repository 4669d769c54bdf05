import type { Entry } from '../../src/state/kinds.ts';
import type { Order } from '../../src/state/order.ts';
import type { OrderReport } from '../../src/state/order-report.ts';
import type { Progress, Rollout, RolloutStep } from '../../src/state/rollout.ts';
import type { Upkeep } from '../../src/state/upkeep.ts';
import { id } from './controllers-entries.ts';
import { keyed } from './why-entries.ts';

/** A worker at v1.34.4, unless told otherwise. */
export function upkeep(
  number: number,
  parts: Partial<Upkeep['parts']> = {},
  work: OrderReport | null = null,
): Upkeep {
  return {
    nodeId: id(number),
    incarnation: 1,
    parts: {
      kubelet: 'v1.34.4',
      apiServer: null,
      controllerManager: null,
      scheduler: null,
      etcd: null,
      cluster: null,
      ...parts,
    },
    prepared: [],
    configurationDigest: null,
    work,
  };
}

/** The kubelet of the node is to become v1.35.1. */
export function order(number: number, overrides: Partial<Order> = {}): Order {
  return {
    nodeId: id(number),
    incarnation: 1,
    term: 5,
    operationId: `upgrade-kubelet-${id(number)}-1`,
    task: 'upgrade-kubelet',
    planId: 'upgrade-v1-35-1-57',
    kubernetesVersion: 'v1.35.1',
    first: false,
    drains: true,
    sponsor: id(1),
    ...overrides,
  };
}

export function work(number: number, overrides: Partial<OrderReport> = {}): OrderReport {
  return {
    operationId: `upgrade-kubelet-${id(number)}-1`,
    task: 'upgrade-kubelet',
    step: 'starts the kubelet',
    state: 'under-way',
    reason: null,
    waiting: null,
    startedWallMs: 0,
    ...overrides,
  };
}

/** The kubelet of worker `n<number>` becomes v1.35.1. */
export function step(number: number, overrides: Partial<RolloutStep> = {}): RolloutStep {
  return {
    task: 'upgrade-kubelet',
    stage: 'workers',
    nodeId: id(number),
    hostname: `n${number}`,
    kubernetesVersion: 'v1.35.1',
    first: false,
    drains: true,
    disturbs: 'its pods move',
    undo: 'put back',
    estimateMs: 60_000,
    ...overrides,
  };
}

const PLAN = 'upgrade-v1-35-1-57';

/** One control plane, a canary and a worker, planned at 10 s after the epoch. */
export function rollout(overrides: Partial<Rollout> = {}): Rollout {
  return {
    planId: PLAN,
    term: 5,
    action: 'upgrade',
    releases: ['v1.34.4', 'v1.35.1'],
    configurationDigest: null,
    steps: [
      step(1, {
        task: 'upgrade-control-plane',
        stage: 'control planes',
        first: true,
        drains: false,
        disturbs: 'its API server',
        estimateMs: 150_000,
      }),
      step(2, { stage: 'canary' }),
      step(3),
    ],
    preconditions: ['every node answers', 'every control plane is whole'],
    expected: 'every part of 3 nodes is v1.35.1',
    summary: 'Upgrade 3 nodes: v1.34.4 → v1.35.1',
    specRevision: 57,
    revision: 58,
    plannedWallMs: 10_000,
    ...overrides,
  };
}

export function rolloutEntry(
  overrides: Partial<Rollout> = {},
  revision = 59,
): Entry<'rollout'> & { readonly kind: 'rollout' } {
  const value = rollout(overrides);
  return keyed('rollout', value.planId, value, revision);
}

/** The first step took 100 s, the second is under way since 120 s after the epoch. */
export function progress(overrides: Partial<Progress> = {}): Progress {
  const control = `upgrade-control-plane-${id(1)}-1`;
  const canary = `upgrade-kubelet-${id(2)}-1`;
  return {
    planId: PLAN,
    term: 5,
    state: 'running',
    stage: 'canary',
    waiting: null,
    pausedRevision: null,
    startedWallMs: 20_000,
    endedWallMs: null,
    steps: [
      { ...{ index: 0, operationId: control, startedWallMs: 20_000 }, ...ended(120_000) },
      { index: 1, operationId: canary, startedWallMs: 120_000, endedWallMs: null, outcome: null },
    ],
    ...overrides,
  };
}

function ended(endedWallMs: number) {
  return { endedWallMs, outcome: 'done' as const };
}

export function progressEntry(
  overrides: Partial<Progress> = {},
  revision = 60,
): Entry<'progress'> & { readonly kind: 'progress' } {
  const value = progress(overrides);
  return keyed('progress', value.planId, value, revision);
}
