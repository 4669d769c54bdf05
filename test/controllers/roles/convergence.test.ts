import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, type Observed } from '../../../src/controllers/roles/decide.ts';
import type { Assignment } from '../../../src/state/assignment.ts';
import { entry, id, liveness, node, served, status } from '../../support/controllers-entries.ts';
import { brokenAtRest, brokenInvariants } from '../../support/controllers-roles-invariants.ts';
import { type Decide, RolesWorld } from '../../support/controllers-roles-world.ts';

interface Run {
  readonly order: readonly number[];
  readonly events: readonly number[];
  readonly controlPlanes: 1 | 3 | 5 | 7;
  /** How many nodes beyond the control planes may serve; undefined: all. */
  readonly workers: number | undefined;
}

const runs: fc.Arbitrary<Run> = fc.constantFrom(1, 2, 3, 5, 7).chain((count) => {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return fc.record({
    order: fc.shuffledSubarray(numbers, { minLength: count, maxLength: count }),
    events: fc.array(fc.nat(8 * count - 1), { maxLength: 60 }),
    controlPlanes: fc.constantFrom(1 as const, 3 as const, 5 as const, 7 as const),
    workers: fc.option(fc.nat(3), { nil: undefined }),
  });
});

/** Every invariant that a run breaks, at whatever moment. */
async function trouble(run: Run, decideRoles: Decide = decide): Promise<readonly string[]> {
  const { order, events, controlPlanes, workers } = run;
  const wanted = { controlPlanes, ...(workers !== undefined && { size: controlPlanes + workers }) };
  const world = new RolesWorld(order, decideRoles);
  const broken = new Set<string>();
  const look = () => {
    for (const sentence of brokenInvariants(world)) broken.add(sentence);
  };

  await world.start(wanted);
  for (const event of events) {
    await world.happen(event);
    look();
  }
  await world.settle(look);
  return [...broken, ...brokenAtRest(world, order.length, wanted)];
}

/** Whether some run goes wrong in the way that the sentence names. */
async function goesWrong(decideRoles: Decide, sentence: string): Promise<boolean> {
  const property = fc.asyncProperty(runs, async (run) => {
    return (await trouble(run, decideRoles)).every((told) => !told.includes(sentence));
  });
  return (await fc.check(property, { numRuns: 1_000, seed: 7, endOnFailure: true })).failed;
}

/** The real thing, deceived about one fact: what it would do without the guard that reads it. */
function blindTo(deceive: (observed: Observed) => Observed): Decide {
  return (observed) => decide(deceive(observed));
}

/** Assigned nodes seem to have done what they were asked, if `but` lets them. */
function allServe(observed: Observed, but: (asked: Assignment) => boolean): Observed {
  const asked = observed.assignments.map(({ value }) => value).filter(but);
  const silent = observed.statuses.filter(({ key }) => asked.every(({ nodeId }) => nodeId !== key));
  return {
    ...observed,
    statuses: [...silent, ...asked.map((each) => entry('status', served(each)))],
  };
}

/** One more free node seems to be there, the last of the candidates. */
function withGhost({ nodes, livenesses, statuses, ...observed }: Observed): Observed {
  return {
    ...observed,
    nodes: [...nodes, entry('node', node(26))],
    livenesses: [...livenesses, entry('liveness', liveness(26))],
    statuses: [...statuses, entry('status', status(26))],
  };
}

interface Mutant {
  readonly guard: string;
  readonly mutant: Decide;
  readonly breaks: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    guard: 'who was given the init is remembered',
    mutant: blindTo((observed) => ({
      ...observed,
      assignments: observed.assignments.filter(({ value }) => value.task !== 'init'),
      operations: [],
    })),
    breaks: '2 nodes were given the init',
  },
  {
    guard: 'the first one is waited for',
    mutant: blindTo((observed) => allServe(observed, ({ task }) => task === 'init')),
    breaks: 'a join before the first one served',
  },
  {
    guard: 'control planes join one at a time',
    mutant: blindTo((observed) => allServe(observed, ({ task }) => task !== 'init')),
    breaks: '2 control planes join at once',
  },
  {
    guard: 'a pair of control planes is begun only with both nodes there',
    mutant: blindTo((observed) => {
      const count = observed.assignments.filter(
        ({ value }) => value.role === 'control-plane',
      ).length;
      return count % 2 === 0 ? observed : withGhost(observed);
    }),
    breaks: 'at rest with {"controlPlanes":2',
  },
  {
    guard: 'nodes are kept for the places of control planes',
    mutant: blindTo(({ spec, ...observed }) => {
      return { ...observed, spec: spec && { ...spec, controlPlanes: 1 } };
    }),
    breaks: 'at rest with {"controlPlanes":1,"workers":2',
  },
  {
    guard: 'the size makes spares',
    mutant: blindTo(({ spec, ...observed }) => {
      return { ...observed, spec: spec && { ...spec, size: 1_000 } };
    }),
    breaks: '"spares":0,"unfinished":0} instead of',
  },
];

describe('roles', () => {
  test('bring any number of nodes to their roles, in whatever order they come, die and return', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        expect(await trouble(run)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('decide the same from the same, and write nothing once all is done', async () => {
    const world = new RolesWorld([3, 1, 5, 2, 4], (observed) => {
      const actions = decide(observed);
      expect(decide(structuredClone(observed))).toEqual(actions);
      return actions;
    });
    await world.start({ controlPlanes: 3 });
    await world.settle(() => {});
    const { revision } = world.world.store;
    await world.changeLeader();
    await world.pass();
    expect(world.world.store.revision).toBe(revision + 1);
  });

  test.each(MUTANTS)(
    'without this guard an invariant breaks: $guard',
    async ({ mutant, breaks }) => {
      expect(await goesWrong(mutant, breaks)).toBe(true);
    },
  );
});

describe('a leader that sleeps between decision and write', () => {
  /** Its init for n1 arrives after its successor gave the init to n2. */
  async function initsAfterSleep(decideRoles: Decide): Promise<readonly string[]> {
    const world = new RolesWorld([1, 2, 3], decideRoles);
    await world.start({ controlPlanes: 3 });
    await world.enrolNext();
    const [slept] = await world.intend();
    await world.enrolNext();
    await world.judge(1, 'dead');
    await world.changeLeader();
    for (let second = 0; second < 2; second += 1) {
      await world.pass();
      world.world.nowMs += 31_000;
    }
    await world.progress(2);
    if (slept) await world.world.store.put('assignment', id(1), slept.assignment, 0);
    await world.judge(1, 'alive');
    await world.progress(1);
    return world.inits;
  }

  test('makes no second init', async () => {
    expect(await initsAfterSleep(decide)).toEqual([id(2)]);
  });

  test('would make one if each node had an init operation of its own', async () => {
    const ownName: Decide = (observed) =>
      decide(observed).map((action) => {
        if (action.type !== 'assign') return action;
        const { assignment } = action;
        const operationId = `init-${assignment.nodeId}`;
        return { ...action, assignment: { ...assignment, operationId } };
      });
    expect(await initsAfterSleep(ownName)).toEqual([id(2), id(1)]);
  });
});
