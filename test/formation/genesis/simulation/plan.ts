import { genesisTimings, type Timings } from '../../../../src/formation/genesis/config.ts';
import { quorumSize } from '../../../../src/formation/genesis/quorum.ts';
import { instanceOf } from '../genesis-config.ts';
import { type Random, seededRandom } from '../seeded-random.ts';

export const FAULTS_END_MS = 4_000;

/** So hasty that ballots cross each other all the time. */
const hastyTimings: Timings = {
  quietMs: 300,
  listenMs: 100,
  headStartMs: 0,
  ballotTimeoutMs: 120,
  backoffMs: 10,
  maxBackoffMs: 640,
};

/** Everything that happens to one simulated cluster, besides what its nodes do. */
export interface Plan {
  readonly seed: number;
  readonly expectedNodes: number;
  /** How many start. */
  readonly nodes: number;
  /** All start at once and have heard of each other before anything fails. */
  readonly meetFirst: boolean;
  /** Those that are there when the faults have ended; the others are gone for good. */
  readonly survivors: readonly number[];
  readonly timings: Timings;
  readonly heartbeatMs: number;
  readonly lossRate: number;
  readonly duplicateRate: number;
  /** Some messages take up to this long, and are overtaken. */
  readonly delayMaxMs: number;
  /** How often a process dies between two effects of a step. */
  readonly midStepCrashRate: number;
  readonly faults: readonly Fault[];
}

export type Fault = { readonly atMs: number } & (
  | { readonly type: 'crash'; readonly node: number; readonly downMs: number }
  | { readonly type: 'pause'; readonly node: number; readonly pauseMs: number }
  | { readonly type: 'deafen'; readonly node: number }
  | { readonly type: 'partition'; readonly parts: readonly number[] }
  | { readonly type: 'heal' }
);

/** A plan whose size is given and whose faults are drawn: each kind is there in half of the plans. */
export function drawPlan(
  seed: number,
  size: Pick<Plan, 'expectedNodes' | 'nodes' | 'meetFirst'>,
): Plan {
  const random = seededRandom(seed);
  const sometimes = <T>(yes: T, no: T): T => (random.chance(0.5) ? yes : no);
  const kinds = (['crash', 'pause', 'deafen', 'partition'] as const).filter(() =>
    random.chance(0.5),
  );
  return {
    seed,
    ...size,
    survivors: drawSurvivors(random, size),
    ...sometimes(
      { timings: hastyTimings, heartbeatMs: 100 },
      { timings: genesisTimings, heartbeatMs: 200 },
    ),
    lossRate: sometimes(random.fraction() * 0.6, 0),
    duplicateRate: sometimes(0.2, 0),
    delayMaxMs: sometimes(2_000, 100),
    midStepCrashRate: sometimes(0.1, 0),
    faults: kinds.length === 0 ? [] : drawFaults(random, size.nodes, kinds),
  };
}

/** Everybody, or just as many as can still decide. */
function drawSurvivors(
  random: Random,
  { expectedNodes, nodes }: Pick<Plan, 'expectedNodes' | 'nodes'>,
): number[] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  const needed = quorumSize(instanceOf(expectedNodes), all.map(String));
  return random.chance(0.5) ? all : random.shuffled(all).slice(0, needed);
}

function drawFaults(
  random: Random,
  nodes: number,
  kinds: readonly Exclude<Fault['type'], 'heal'>[],
): Fault[] {
  const faults: Fault[] = [];
  for (let atMs = random.between(0, 100); atMs < FAULTS_END_MS; atMs += drawPause(random)) {
    const kind = random.chance(0.2) ? 'heal' : random.shuffled(kinds)[0];
    faults.push(drawFault(random, nodes, kind ?? 'heal', atMs));
  }
  return faults;
}

/** Faults come in bursts: a genesis lasts a few round trips only. */
function drawPause(random: Random): number {
  return random.chance(0.6) ? random.between(1, 60) : random.between(60, 1_500);
}

function drawFault(random: Random, nodes: number, type: Fault['type'], atMs: number): Fault {
  const node = random.between(0, nodes - 1);
  switch (type) {
    case 'crash':
      return { atMs, type, node, downMs: random.between(1, 3_000) };
    case 'pause':
      return { atMs, type, node, pauseMs: random.between(1, 5_000) };
    case 'partition':
      return { atMs, type, parts: Array.from({ length: nodes }, () => random.between(0, 1)) };
    case 'deafen':
      return { atMs, type, node };
    case 'heal':
      return { atMs, type };
  }
}
