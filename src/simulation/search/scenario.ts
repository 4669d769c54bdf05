import { z } from 'zod';
import { drawFaults, drawKinds } from '../faults/draw-faults.ts';
import { FAULT_KINDS, type Fault, type FaultKind } from '../faults/fault.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { configurationEdits } from './configuration-edits.ts';
import { secondThoughts } from './second-thoughts.ts';

/**
 * `safety`: anything may happen, and nothing forbidden may follow. `whole`: faults that machines get
 * over by themselves; once they are over, the cluster must become whole. `core`: the same, but all
 * machines outside a core quorum stay off for ever, and the core must go on without them.
 */
const modeSchema = z.enum(['safety', 'whole', 'core']);

/** One run of the search as plain data: the same scenario goes the same way every time. */
export const scenarioSchema = z.strictObject({
  seed: z.int().min(0),
  mode: modeSchema,
  nodes: z.int().min(1).max(50),
  controlPlanes: z.union([z.literal(1), z.literal(3), z.literal(5)]),
  /** How long a control plane may be lost before it is replaced. */
  graceSeconds: z.int().min(0).max(600).default(60),
  startWithinMs: z.number().min(0).max(120_000),
  /** How a worker becomes a control plane; absent: under its pods. */
  promotion: z.enum(['rejoin']).optional(),
  /** The release that somebody asks for once the cluster is formed; absent: none. */
  upgradeTo: z.enum(['v1.34.5', 'v1.35.1']).optional(),
  faults: z
    .array(
      z.strictObject({
        kind: z.enum(FAULT_KINDS),
        atMs: z.number().min(0),
        lastsMs: z.number().min(0),
        hosts: z.array(z.string().max(63)).max(50),
        amount: z.number().min(0).max(1),
      }),
    )
    .max(100),
});

export type Scenario = z.infer<typeof scenarioSchema>;
type Mode = z.infer<typeof modeSchema>;

const MODES: readonly Mode[] = ['safety', 'safety', 'whole', 'whole', 'core'];
/** Three is where it gets interesting, and what most people run. */
const SIZES = [3, 3, 3, 3, 2, 4, 5, 3, 1, 3];
const MOST_FAULTS = 8;
const LONGEST_MS = 40_000;
/** The formation takes half a minute; some runs begin with a cluster that is whole. */
const FORMING = { fromMs: 0, untilMs: 40_000 };
const FORMED = { fromMs: 50_000, untilMs: 110_000 };
/** So long does an upgrade of a few machines take that nothing happens to. */
const UPGRADING = { fromMs: 60_000, untilMs: 360_000 };
/**
 * One run in so many is that of an upgrade, to another patch or another minor by turns: it takes as
 * long as ten others.
 */
const UPGRADE_SHARE = 50;
/** In one run in so many workers are emptied before they become control planes. */
const REJOIN_SHARE = 7;
/** What a cluster of this release does not get over by itself. */
const FOR_PEOPLE: readonly FaultKind[] = [
  'address-changed',
  'address-moved',
  // Fewer machines than control planes that are wanted are never whole.
  'leave-asked',
  'machine-wiped',
  'state-damaged',
  'worker-writes',
];

/** The core is chosen for the control planes that there are. */
const EDITS: readonly FaultKind[] = ['control-planes-edited'];
const MOST_EDITED = 3;

/** After which a machine may know of no cluster. */
const FORGETFUL: readonly FaultKind[] = ['machine-added', 'machine-wiped', 'backup-restored'];

/**
 * Draws a scenario: the same one for the same seed. No machine is added to one alone: with a token
 * for one machine, a second that meets nobody founds a cluster of its own, as it was told.
 */
export function drawScenario(seed: number): Scenario {
  const random = createSeededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.number() * from.length)] as T;
  const mode = pick(MODES);
  const nodes = pick(SIZES);
  const upgradeTo = releaseFor(seed);
  const drawnWhen = pick([FORMING, FORMING, FORMED]);
  const when = upgradeTo === undefined ? drawnWhen : UPGRADING;
  const drawn = drawKinds(random);
  const survivable = drawn.filter((kind) => isSurvivable(kind, mode));
  const kinds: readonly FaultKind[] = survivable.length > 0 ? survivable : ['agent-killed'];
  const options = { nodes, kinds, mostFaults: MOST_FAULTS, longestMs: LONGEST_MS, ...when };
  const run: Omit<Scenario, 'faults'> = {
    seed,
    mode,
    nodes,
    controlPlanes: nodes < 3 ? 1 : pick([1, 3, 3, 3]),
    graceSeconds: pick([5, 5, 60]),
    startWithinMs: pick([0, 2_000, 2_000, 20_000]),
    ...(seed % REJOIN_SHARE === 0 && { promotion: 'rejoin' }),
    ...(upgradeTo && { upgradeTo }),
  };
  const faults = withoutSecondFounders(drawFaults(random, options), nodes);
  const mayBeEdited = faults.some(({ kind }) => EDITS.includes(kind));
  const most = mayBeEdited ? Math.max(run.controlPlanes, MOST_EDITED) : run.controlPlanes;
  const asked = [...secondThoughts({ ...run, most }, when), ...configurationEdits(seed, when)];
  return { ...run, faults: [...faults, ...asked].map(mutable) };
}

/** By the seed alone, as are the workers that rejoin, so that other runs are drawn as if there were no upgrades. */
function releaseFor(seed: number): Scenario['upgradeTo'] {
  if (seed % UPGRADE_SHARE !== 0) return undefined;
  return seed % (2 * UPGRADE_SHARE) === 0 ? 'v1.35.1' : 'v1.34.5';
}

function isSurvivable(kind: FaultKind, mode: Mode): boolean {
  if (mode === 'core' && EDITS.includes(kind)) return false;
  return mode === 'safety' || !FOR_PEOPLE.includes(kind);
}

/**
 * Machines that know of no cluster found one as soon as they are as many as the token's quorum and
 * meet none that does, as they were told to: so fewer than that are added, wiped or set back.
 */
function withoutSecondFounders(faults: readonly Fault[], nodes: number): readonly Fault[] {
  let left = Math.floor(nodes / 2);
  return faults.filter(({ kind, hosts }) => {
    if (!FORGETFUL.includes(kind)) return true;
    const empty = kind === 'machine-added' ? 1 : hosts.length;
    if (empty > left) return false;
    left -= empty;
    return true;
  });
}

/** The schema's type has plain arrays. */
function mutable(fault: Fault): Scenario['faults'][number] {
  return { ...fault, hosts: [...fault.hosts] };
}
