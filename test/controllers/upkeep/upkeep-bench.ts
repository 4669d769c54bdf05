import type { Action } from '../../../src/controllers/upkeep/action.ts';
import { createUpkeep } from '../../../src/controllers/upkeep/controller.ts';
import type { Observed } from '../../../src/controllers/upkeep/observed.ts';
import type { Controller } from '../../../src/runtime/controller.ts';
import type { ClusterSpec } from '../../../src/state/cluster-spec.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import {
  compareKubernetesVersions,
  parseKubernetesVersion,
} from '../../../src/state/kubernetes-version.ts';
import type { Liveness } from '../../../src/state/liveness.ts';
import type { Hold } from '../../../src/state/rollout.ts';
import type { Upkeep } from '../../../src/state/upkeep.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  initAssignment,
  liveness,
  node,
  served,
  spec,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn } from '../../support/controllers-ports.ts';
import type { FakeStore } from '../../support/controllers-store.ts';
import { carryOut, type Faults } from './carriers.ts';

export const OLD = 'v1.34.3';
export const NEW = 'v1.34.4';
const STEP_MS = 1_000;
/** A minute for every node and release is far more than any of them takes. */
const MOST_STEPS = 3_000;

export interface BenchOptions {
  readonly controlPlanes: ClusterSpec['controlPlanes'];
  readonly workers: number;
  /** What everybody runs. */
  readonly release?: string;
  readonly spec?: Partial<ClusterSpec>;
  /** In place of the controller as it is. */
  readonly altered?: (upkeep: Controller<Observed, Action>) => Controller<Observed, Action>;
}

export interface UpkeepBench {
  readonly store: FakeStore;
  readonly faults: Faults;
  /** What nodes began, in order: `upgrade-kubelet n4 v1.34.4`. */
  readonly journal: readonly string[];
  /** Rules that were broken, a sentence each. */
  readonly breaches: readonly string[];
  /** Writes of all leaders. */
  writes(): number;
  edit(change: Partial<ClusterSpec>): Promise<void>;
  say(word: Hold['word']): Promise<void>;
  judge(number: number, verdict: Liveness['verdict']): Promise<void>;
  /** Another leader, which knows nothing but the log. */
  newLeader(): Promise<void>;
  /** The leader dies right after so many more writes. */
  killAfter(writes: number): void;
  /** The wall clock jumps to that time. */
  wallClock(wallMs: number): Promise<void>;
  /** A second goes by. */
  step(): Promise<void>;
  /** Until nobody does anything for twenty seconds. */
  rest(): Promise<void>;
  until(isTrue: () => boolean): Promise<void>;
  /** What the leader waits for, and of each rollout its state. */
  told(): readonly string[];
}

class Killed extends Error {}

/** A whole cluster in one store: nodes that do what they are ordered, one step a second. */
export async function upkeepBench(options: BenchOptions): Promise<UpkeepBench> {
  const world = createWorld();
  const { store } = world;
  const { release = OLD, altered = (upkeep) => upkeep, controlPlanes } = options;
  const wanted = { kubernetesVersion: release, controlPlanes };
  await store.set('spec', SINGLETON, spec({ ...wanted, ...options.spec }));
  for (let number = 1; number <= options.controlPlanes + options.workers; number += 1) {
    await enrol(store, number, number <= options.controlPlanes, release);
  }
  const faults: Faults = {
    failing: new Set(),
    silent: new Set(),
    blocked: new Set(),
    surveyFails: false,
    keepsLeaves: false,
    provesForMs: 0,
  };
  const journal: string[] = [];
  const breaches: string[] = [];
  const begun = new Set<string>();
  let upkeep = altered(createUpkeep());
  let writes = 0;
  let aheadMs = 0;
  let livesFor = Number.POSITIVE_INFINITY;
  let waits: readonly string[] = [];

  async function write<T>(writing: () => Promise<T>): Promise<T> {
    if (livesFor === 0) throw new Killed();
    livesFor -= 1;
    writes += 1;
    return writing();
  }
  const counted = {
    get synced() {
      return store.synced;
    },
    get: store.get.bind(store),
    list: store.list.bind(store),
    onChange: store.onChange.bind(store),
    put: (...args: Parameters<FakeStore['put']>) => write(() => store.put(...args)),
    remove: (...args: Parameters<FakeStore['remove']>) => write(() => store.remove(...args)),
  };
  const clock = {
    nowMs: () => world.nowMs,
    wallMs: () => world.nowMs + aheadMs,
    sleep: async () => {},
  };
  const ports = () => portsIn(world, { clock, store: counted as FakeStore });

  async function newLeader(): Promise<void> {
    upkeep = altered(createUpkeep());
    livesFor = Number.POSITIVE_INFINITY;
    world.term = await store.set('leadership', SINGLETON, { nodeId: id(1), incarnation: 1 });
  }

  async function pass(): Promise<boolean> {
    const decided = upkeep.decide(await upkeep.observe(ports()));
    const actions = decided.filter((each) => each.type !== 'requeue');
    waits = decided.flatMap((each) =>
      each.type === 'requeue' ? [each.waiting?.reason ?? ''] : [],
    );
    for (const action of actions) {
      await upkeep.act(action, ports());
      judge();
    }
    return actions.length > 0;
  }

  async function lead(): Promise<void> {
    try {
      while (await pass());
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await newLeader();
    }
  }

  function judge(): void {
    for (const breach of breachesIn(store)) if (!breaches.includes(breach)) breaches.push(breach);
  }

  async function step(): Promise<void> {
    world.nowMs += STEP_MS;
    await lead();
    await carryOut(store, world.nowMs + aheadMs, faults, (line, operationId) => {
      if (begun.has(operationId)) breaches.push(`${operationId} was begun twice`);
      begun.add(operationId);
      journal.push(line);
    });
    judge();
  }

  await newLeader();
  const bench: UpkeepBench = {
    store,
    faults,
    journal,
    breaches,
    newLeader,
    step,
    writes: () => writes,
    killAfter(count) {
      livesFor = count;
    },
    async wallClock(wallMs) {
      aheadMs = wallMs - world.nowMs;
    },
    async edit(change) {
      const present = store.get('spec', SINGLETON)?.value ?? spec();
      await store.set('spec', SINGLETON, { ...present, ...change });
    },
    async say(word) {
      const planId = store.list('rollout').at(-1)?.key ?? '';
      await store.set('hold', planId, { planId, word, saidWallMs: world.nowMs });
    },
    async judge(number, verdict) {
      await store.set('liveness', id(number), liveness(number, { verdict }));
    },
    async rest() {
      let quiet = 0;
      for (let count = 0; quiet < 20; count += 1) {
        if (count > MOST_STEPS) throw new Error('the bench never comes to rest');
        const before = store.revision;
        await step();
        const isQuiet = store.revision === before && !waits.includes('gathering');
        quiet = isQuiet ? quiet + 1 : 0;
      }
    },
    async until(isTrue) {
      for (let count = 0; !isTrue(); count += 1) {
        if (count > MOST_STEPS) throw new Error(`it never came to that: ${journal.join(', ')}`);
        await step();
      }
    },
    told: () => [
      ...store.list('progress').map(({ key, value }) => `${key} ${value.state}`),
      ...waits.map((reason) => `waits for ${reason}`),
    ],
  };
  return bench;
}

/** A node that was asked for its role long ago, and runs that release. */
export async function enrol(
  store: FakeStore,
  number: number,
  isPlane: boolean,
  release: string,
): Promise<void> {
  const role = isPlane ? controlPlaneAssignment(number) : assignment(number);
  const asked = {
    ...(number === 1 ? initAssignment(1) : role),
    term: 1,
    kubernetesVersion: release,
  };
  await store.set('node', id(number), node(number));
  await store.set('liveness', id(number), liveness(number));
  await store.set('assignment', id(number), asked);
  await store.set('status', id(number), served(asked));
  await store.set('upkeep', id(number), upkeepOf(number, isPlane, release));
}

export function upkeepOf(number: number, isPlane: boolean, release: string): Upkeep {
  const part = isPlane ? release : null;
  return {
    nodeId: id(number),
    incarnation: 1,
    parts: {
      kubelet: release,
      apiServer: part,
      controllerManager: part,
      scheduler: part,
      etcd: isPlane ? '3.6.5' : null,
      cluster: part,
    },
    prepared: [],
    configurationDigest: null,
    work: null,
  };
}

/** S6 and S7 as they are for a store alone. */
function breachesIn(store: FakeStore): readonly string[] {
  const most = store.get('spec', SINGLETON)?.value.upgrade.maxUnavailable ?? 1;
  const ordered = store.list('order').map(({ value }) => value.operationId);
  const working = store.list('upkeep').filter(({ value: { work } }) => {
    const isAtWork = work?.state === 'under-way' && work.task !== 'prepare';
    return isAtWork && ordered.includes(work.operationId);
  });
  const cordoned = store.list('drain').filter(({ value }) => value.state !== 'released');
  const out = new Set([...working, ...cordoned].map(({ key }) => key));
  const planes = [...out].filter((key) => {
    return store.get('assignment', key)?.value.role === 'control-plane';
  });
  const tooMany = out.size > most || planes.length > 1 ? [`${[...out].join()} at once`] : [];
  return [...tooMany, ...skewOf(store)];
}

function skewOf(store: FakeStore): readonly string[] {
  const parts = store.list('upkeep').map(({ value }) => value.parts);
  const numbers = (versions: readonly (string | null)[]) =>
    versions.flatMap((version) => parseKubernetesVersion(version ?? '') ?? []);
  const servers = numbers(parts.map(({ apiServer }) => apiServer));
  const kubelets = numbers(parts.map(({ kubelet }) => kubelet));
  const isAhead = kubelets.some((kubelet) =>
    servers.some((server) => compareKubernetesVersions(kubelet, server) > 0),
  );
  return isAhead ? ['a kubelet is newer than an API server'] : [];
}
