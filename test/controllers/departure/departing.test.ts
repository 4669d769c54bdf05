import { beforeEach, describe, expect, test } from '@jest/globals';
import { departing, maySponsor, takesBack } from '../../../src/controllers/departure/departing.ts';
import { successorOf } from '../../../src/controllers/departure/successor.ts';
import type { Task } from '../../../src/state/assignment.ts';
import { SINGLETON } from '../../../src/state/kinds.ts';
import type { Node } from '../../../src/state/node.ts';
import {
  assignment,
  controlPlaneAssignment,
  id,
  liveness,
  node,
  served,
} from '../../support/controllers-entries.ts';
import { createWorld, portsIn, type World } from '../../support/controllers-ports.ts';

const RETIRE = { task: 'retire', role: 'spare', operationId: `retire-${id(3)}-1` } as const;

let world: World;

beforeEach(async () => {
  world = createWorld();
  for (const number of [1, 2, 3]) {
    const asked = controlPlaneAssignment(number);
    await world.store.set('node', id(number), node(number));
    await world.store.set('status', id(number), served(asked));
    await world.store.set('assignment', id(number), asked);
  }
  await world.store.set('liveness', id(3), liveness(3, { verdict: 'dead' }));
});

async function ask(change = {}) {
  await world.store.set('assignment', id(3), assignment(3, { ...RETIRE, ...change }));
}

/** Lives of those that n1 is to see out. */
function lives() {
  return departing(portsIn(world)).map(({ nodeId, task, life }) => `${nodeId[0]} ${task} ${life}`);
}

describe('a node sees out', () => {
  test('those that it is named for', async () => {
    expect(lives()).toEqual([]);
    await ask();
    expect(lives()).toEqual(['c retire dead']);
  });

  test.each([
    ['another sponsor', { sponsor: id(2) }],
    ['no sponsor', { sponsor: null }],
    ['another task', { task: 'join-worker', role: 'worker' }],
    ['a former incarnation', { incarnation: 2 }],
  ])('nobody by an assignment of %s', async (_, change) => {
    await ask(change);
    expect(lives()).toEqual([]);
  });

  test('nobody by what a deposed leader wrote late', async () => {
    const leads = { nodeId: id(1), incarnation: 1 };
    const term = await world.store.set('leadership', SINGLETON, leads);
    await ask({ term: term - 1 });
    expect(lives()).toEqual([]);
  });

  test.each([
    ['alive', { verdict: 'alive' }, 'alive'],
    ['suspected', { verdict: 'suspect' }, 'unknown'],
    ['dead in another incarnation', { verdict: 'dead', incarnation: 2 }, 'unknown'],
  ] as const)('one that is %s', async (_, change, life) => {
    await ask();
    await world.store.set('liveness', id(3), liveness(3, change));
    expect(lives()).toEqual([`c retire ${life}`]);
  });
});

describe('a machine that was found dead', () => {
  const { hostname, addresses } = node(3);

  test.each<[string, Partial<Node>, 'alive' | 'suspect' | undefined, boolean]>([
    ['came back empty when another node lives in its place', {}, 'alive', true],
    ['did not when that one is not heard', {}, 'suspect', false],
    ['did not when nobody judged that one', {}, undefined, false],
    ['did not when that one has another name', { hostname: 'n9' }, 'alive', false],
    [
      'may be elsewhere when that one has its name and machine id, and another address',
      { addresses: ['10.0.0.99'], machineIdHash: node(3).machineIdHash },
      'alive',
      false,
    ],
  ])('%s', async (_, change, verdict, wiped) => {
    await ask();
    await world.store.set('node', id(4), node(4, { hostname, addresses, ...change }));
    if (verdict) await world.store.set('liveness', id(4), liveness(4, { verdict }));
    expect(departing(portsIn(world)).map((each) => each.wiped)).toEqual([wiped]);
  });
});

describe('a control plane may sponsor', () => {
  test('while it serves and the log is settled', () => {
    expect(maySponsor(portsIn(world))).toBe(true);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'the log has just failed over',
      async () => {
        world.sinceLogFailoverMs = 5_000;
      },
    ],
    [
      'it is asked to leave itself',
      () => world.store.set('assignment', id(1), assignment(1, { ...RETIRE })),
    ],
    ['it was told to become a worker', () => world.store.set('assignment', id(1), assignment(1))],
    [
      'it does not serve',
      () =>
        world.store.set('status', id(1), {
          ...served(controlPlaneAssignment(1)),
          phase: 'installing',
        }),
    ],
    [
      'its status is of another incarnation',
      () =>
        world.store.set('status', id(1), { ...served(controlPlaneAssignment(1)), incarnation: 2 }),
    ],
  ])('but not when %s', async (_, change) => {
    await change();
    expect(maySponsor(portsIn(world))).toBe(false);
  });
});

describe('the place of a node that goes', () => {
  test.each<[string, Partial<Node>, Task, string | undefined]>([
    [
      'is taken by a node of its name that has a role',
      { hostname: 'n3' },
      'join-control-plane',
      'd',
    ],
    [
      'is taken by a node of its address that has a role',
      { addresses: ['10.0.0.3'] },
      'join-worker',
      'd',
    ],
    ['is not taken by a spare of its name', { hostname: 'n3' }, 'stand-by', undefined],
    ['is not taken by another node', {}, 'join-worker', undefined],
  ] as const)('%s', async (_, change, task, heir) => {
    await ask();
    await world.store.set('node', id(4), node(4, change));
    const role = task === 'stand-by' ? 'spare' : 'worker';
    await world.store.set('assignment', id(4), assignment(4, { task, role }));
    const [of] = departing(portsIn(world));
    expect(of && successorOf(of, world.store)?.[0]).toBe(heir);
  });
});

describe('what was begun and withdrawn', () => {
  async function begunBy(number: number): Promise<boolean> {
    const { operationId } = RETIRE;
    const state = { state: 'under-way', waiting: null } as const;
    const value = { nodeId: id(3), incarnation: 1, operationId, by: id(number), ...state };
    await world.store.set('departure', id(3), value);
    const entry = world.store.get('departure', id(3));
    return entry !== undefined && takesBack(entry, portsIn(world));
  }

  test('is taken back by whoever began it', async () => {
    expect(await begunBy(1)).toBe(true);
    expect(await begunBy(2)).toBe(false);
  });

  test('is taken back by the first of those that serve once that one is dead, or none any more', async () => {
    await world.store.set('liveness', id(2), liveness(2, { verdict: 'dead' }));
    expect(await begunBy(2)).toBe(true);
    await world.store.set('liveness', id(2), liveness(2));
    await world.store.set('assignment', id(2), assignment(2));
    expect(await begunBy(2)).toBe(true);
  });
});
