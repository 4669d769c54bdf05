import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/replicas/decide.ts';
import type { Observed } from '../../../src/controllers/replicas/observed.ts';
import type { NodeFacts } from '../../../src/state/node-facts.ts';
import { genesisReplicas, type Replicas } from '../../../src/state/replicas.ts';
import {
  assignment,
  genesisRecord,
  id,
  replica,
  status,
} from '../../support/controllers-entries.ts';
import { type FactsOverrides, facts } from '../../support/controllers-facts.ts';
import { deadMember, logGroups, logMember } from '../../support/log-groups.ts';

const GRACE_MS = 60_000;
const again = { type: 'requeue', afterMs: 500 };
const serving = { status: status(1, { phase: 'serving' }) };
const dead: FactsOverrides = { liveness: { verdict: 'dead' } };

const names = [1, 2, 3].map((number) => `${id(number)}-1`);
const [a = '', b = '', c = ''] = names;
const newcomer = replica(4, {
  serverName: `${id(4)}-1000001`,
  clientPort: 7_950,
  routePort: 7_951,
});
const d = newcomer.serverName;
const all = logGroups(names.map((name) => logMember(name)));
const withoutA = logGroups([logMember(b), logMember(c), deadMember(a)]);

/** Nodes n1 to n4 with a replica on each of the first three; n4 may get one. */
function nodes(overrides: Readonly<Record<number, FactsOverrides>> = {}, count = 4) {
  const known = Array.from({ length: count }, (_, index) => {
    const { node, ...rest } = overrides[index + 1] ?? {};
    return facts(index + 1, { ...serving, node: { logPortBase: 7_950, ...node }, ...rest });
  });
  return new Map(known.map((each): [string, NodeFacts] => [each.node.nodeId, each]));
}

function seen(change: Partial<Observed> = {}): Observed {
  return {
    term: 7,
    graceMs: GRACE_MS,
    facts: nodes(),
    deadForMs: new Map(),
    replicas: genesisReplicas(genesisRecord()),
    revision: 0,
    groups: undefined,
    evacuatedMs: new Map(),
    ...change,
  };
}

const deadForLong = { deadForMs: new Map([[id(1), GRACE_MS]]) };
const lost = { facts: nodes({ 1: dead }), ...deadForLong };

function waiting(message: string, reason = 'replica-quorum', afterMs = 500) {
  return [{ type: 'requeue', afterMs, waiting: { reason, message } }];
}

function moveTo(given: Partial<Observed>): unknown {
  const [action] = decide(seen({ groups: withoutA, ...given }));
  return action?.type === 'write' ? action.replicas : action;
}

describe('replicas.decide, while all is well,', () => {
  test.each([
    { when: 'all live', given: {} },
    {
      when: 'one is dead for less than the grace',
      given: { ...lost, deadForMs: new Map([[id(1), GRACE_MS - 1]]) },
    },
    {
      when: 'one is suspect',
      given: { facts: nodes({ 1: { liveness: { verdict: 'suspect' } } }) },
    },
    {
      when: 'somebody without a replica is dead',
      given: { facts: nodes({ 4: dead }), deadForMs: new Map([[id(4), GRACE_MS]]) },
    },
    { when: 'this agent does not lead', given: { ...lost, groups: withoutA, term: undefined } },
    { when: 'there is no spec yet', given: { ...lost, groups: withoutA, graceMs: undefined } },
    {
      when: 'a living node has no place in Kubernetes, and no other node may take over',
      given: { facts: nodes({ 1: { assignment: assignment(1, { task: 'retire' }) } }, 3) },
    },
  ])('moves nothing when $when', ({ given }) => {
    expect(decide(seen({ groups: all, ...given }))).toEqual([]);
  });
});

describe('replicas.decide moves a replica', () => {
  const moved: Omit<Replicas, 'generation'> = {
    replicas: [replica(2), replica(3), newcomer],
    leaving: replica(1),
  };

  test.each([
    { when: 'its node is dead for the grace', given: lost },
    {
      when: 'its node was asked to leave',
      given: { facts: nodes({ 1: { leaving: true } }), groups: all },
    },
    {
      when: 'its node is dead and lost its role',
      given: { facts: nodes({ 1: { ...dead, assignment: assignment(1, { task: 'retire' }) } }) },
    },
    {
      when: 'its node lives on without a role',
      given: {
        facts: nodes({ 1: { assignment: assignment(1, { task: 'retire' }) } }),
        groups: all,
      },
    },
  ])('when $when', ({ given }) => {
    expect(moveTo(given)).toEqual({ generation: 1, term: 7, ...moved });
  });

  test('off a node that has two, once another one serves', () => {
    const second = replica(1, { serverName: `${id(1)}-3`, clientPort: 7_424 });
    const replicas = { generation: 0, replicas: [replica(1), replica(2), second], leaving: null };
    const groups = logGroups([a, b, second.serverName].map((name) => logMember(name)));
    const here = { replicas, groups };
    expect(moveTo({ ...here, facts: nodes({ 3: { status: null }, 4: { status: null } }) })).toEqual(
      undefined,
    );
    expect(moveTo(here)).toMatchObject({
      replicas: [replica(1), replica(2), { serverName: `${id(3)}-1000001` }],
      leaving: second,
    });
  });

  test('with the reasons, by compare-and-swap', () => {
    expect(decide(seen({ ...lost, groups: withoutA, revision: 31 }))).toEqual([
      {
        type: 'write',
        term: 7,
        replicas: { generation: 1, term: 7, ...moved },
        ifRevision: 31,
        about: id(1),
        reasons: {
          action: 'move-replica',
          summary: `The replica ${a} of the log moves to n4 as ${d}, because n1 has been dead for 60 s.`,
          guards: [
            { name: 'log-quorum', passed: true, message: `${b} and ${c} have all of the log.` },
            { name: 'one-change-at-a-time', passed: true, message: 'No other replica moves.' },
          ],
          rejected: [],
        },
      },
      again,
    ]);
  });

  test.each([
    {
      to: 'the zone with fewer of those that stay',
      four: { node: { zone: 'b' } },
      five: { node: { zone: 'c' } },
      chosen: 5,
    },
    {
      to: 'a control plane',
      four: {},
      five: { assignment: assignment(5, { role: 'control-plane' }) },
      chosen: 5,
    },
    {
      to: 'the faster disk',
      four: { node: { capacity: { cpus: 2, memoryMiB: 4_096, fsyncP99Ms: 12 } } },
      five: {},
      chosen: 5,
    },
    { to: 'the lower id', four: {}, five: {}, chosen: 4 },
    { to: 'a living node', four: { liveness: { verdict: 'suspect' } }, five: {}, chosen: 5 },
    { to: 'a node that stays', four: { leaving: true }, five: {}, chosen: 5 },
    {
      to: 'a node whose ports are known',
      four: { node: { logPortBase: undefined } },
      five: {},
      chosen: 5,
    },
  ] as const)('to $to', ({ four, five, chosen }) => {
    const there = { 1: dead, 2: { node: { zone: 'b' } }, 4: four, 5: five } as Record<
      number,
      FactsOverrides
    >;
    expect(moveTo({ facts: nodes(there, 5), ...deadForLong })).toMatchObject({
      replicas: [replica(2), replica(3), { nodeId: id(chosen) }],
    });
  });
});

describe('replicas.decide waits, and says for what,', () => {
  test.each([
    {
      when: 'nobody knows whether most of them agree',
      given: { groups: undefined },
      wait: waiting(
        'waiting for most replicas of the log to agree before one of them is moved: start their machines',
      ),
    },
    {
      when: 'another one lags behind',
      given: { groups: logGroups([logMember(b), logMember(c, { current: false }), deadMember(a)]) },
      wait: waiting(
        `waiting for the replica ${c} of the log to have all of it: start its machine if it does not run`,
      ),
    },
    {
      when: 'there is no other node',
      given: { facts: nodes({ 1: dead }, 3) },
      wait: waiting(
        `the replica ${a} of the log has no other place: n1 has been dead for 60 s, and no living node is without a replica: start another machine`,
        'replica-no-host',
        5_000,
      ),
    },
  ])('when $when', ({ given, wait }) => {
    expect(decide(seen({ ...lost, groups: withoutA, ...given }))).toEqual(wait);
  });
});

describe('replicas.decide, while a replica moves,', () => {
  const moving = {
    ...lost,
    replicas: { generation: 1, replicas: [replica(2), replica(3), newcomer], leaving: replica(1) },
    revision: 40,
  };
  const [mB, mC, mD] = [logMember(b), logMember(c), logMember(d)];
  const old = deadMember(a);
  const living = logMember(a);
  const laggingD = `waiting for the replica ${d} of the log to have all of it: start its machine if it does not run`;

  test.each([
    { when: 'the new one is not there yet', groups: logGroups([mB, mC, old]) },
    {
      when: 'the new one lags behind',
      groups: logGroups([mB, mC, old, logMember(d, { current: false })], [mB, mC, old]),
    },
    {
      when: 'the old one is out, and the buckets have not come to the new one yet',
      groups: logGroups([mB, mC, mD], [mB, mC]),
    },
  ])('waits when $when', ({ groups }) => {
    expect(decide(seen({ ...moving, groups }))).toEqual(waiting(laggingD));
  });

  test.each([
    {
      does: 'removes a dead old one',
      groups: logGroups([mB, mC, old, mD], [mB, mC, old]),
      action: { type: 'remove', term: 7, member: old },
    },
    {
      does: 'has the buckets moved off a living old one first',
      groups: logGroups([mB, mC, living, mD], [mB, mC, living]),
      action: { type: 'evacuate', term: 7, member: living },
    },
    {
      does: 'removes a living old one that has no bucket any more',
      groups: logGroups([mB, mC, living, mD], [mB, mC, mD]),
      action: { type: 'remove', term: 7, member: living },
    },
    {
      does: 'has another one lead before it removes the one that leads',
      groups: logGroups([living, mB, mC, mD], [mB, mC, mD]),
      action: { type: 'lead', term: 7, serverName: b },
    },
    {
      does: 'removes a server that nobody wants before the old one',
      groups: logGroups([mB, mC, mD, old, deadMember('x-9')], [mB, mC, old]),
      action: { type: 'remove', term: 7, member: deadMember('x-9') },
    },
  ])('$does', ({ groups, action }) => {
    expect(decide(seen({ ...moving, groups }))).toEqual([action, again]);
  });

  test('asks for the buckets to be moved once, and again only after a while', () => {
    const groups = logGroups([mB, mC, living, mD], [mB, mC, living]);
    const asked = (ageMs: number) => ({ ...moving, groups, evacuatedMs: new Map([[a, ageMs]]) });
    expect(decide(seen(asked(14_999)))).toEqual(
      waiting(`waiting for the buckets of the log to move off ${a}`, 'replica-moves'),
    );
    expect(decide(seen(asked(15_000)))).toEqual([
      { type: 'evacuate', term: 7, member: living },
      again,
    ]);
  });

  test('removes nobody whom the others can not do without', () => {
    const groups = logGroups([mB, mC, old, mD], [mB, logMember(c, { current: false }), old]);
    expect(decide(seen({ ...moving, groups }))).toEqual(
      waiting(
        `${a} stays in the log until most of the other replicas have all of it: bring back ${c}`,
      ),
    );
  });

  test('ends once the old one is gone and all have all of it', () => {
    const groups = logGroups([mB, mC, mD]);
    expect(decide(seen({ ...moving, groups }))).toEqual([
      {
        type: 'write',
        term: 7,
        replicas: { ...moving.replicas, generation: 2, term: 7, leaving: null },
        ifRevision: 40,
        about: id(1),
        reasons: {
          action: 'replica-moved',
          summary: `The log does without ${a}, and all that is left of it may go.`,
          guards: [],
          rejected: [],
        },
      },
      again,
    ]);
  });

  test('does not begin with the next one, even when that is dead, too', () => {
    const both = new Map([
      [id(1), GRACE_MS],
      [id(2), GRACE_MS],
    ]);
    const given = { ...moving, facts: nodes({ 1: dead, 2: dead }, 5), deadForMs: both };
    const groups = logGroups([mC, mD, deadMember(b), living], [mC, mD, deadMember(b)]);
    expect(decide(seen({ ...given, groups }))).toEqual([
      { type: 'remove', term: 7, member: living },
      again,
    ]);
  });

  test('chooses another node when the new one dies before it came', () => {
    const both = new Map([
      [id(1), GRACE_MS],
      [id(4), GRACE_MS],
    ]);
    const given = { ...moving, facts: nodes({ 1: dead, 4: dead }, 5), deadForMs: both };
    const groups = logGroups([mB, mC, old]);
    expect(moveTo({ ...given, groups })).toMatchObject({
      generation: 2,
      replicas: [replica(2), replica(3), { serverName: `${id(5)}-1000002` }],
      leaving: replica(1),
    });
  });
});

test('replicas.decide puts out a removed server that was taken in again', () => {
  const [mB, mC, mD] = [logMember(b), logMember(c), logMember(d)];
  const replicas = { generation: 2, replicas: [replica(2), replica(3), newcomer], leaving: null };
  const groups = logGroups([mB, mC, mD, logMember(a)], [mB, mC, mD]);
  expect(decide(seen({ replicas, groups }))).toEqual([
    { type: 'remove', term: 7, member: logMember(a) },
    again,
  ]);
});

describe('replicas.decide, of a replica whose host has another address,', () => {
  const address = '10.0.0.99';
  const [first, ...others] = genesisReplicas(genesisRecord()).replicas;
  if (!first) throw new RangeError('genesis has three replicas');
  const moved = { facts: nodes({ 1: { node: { addresses: [address] } } }) };

  test('tells where its server is', () => {
    expect(moveTo({ ...moved, groups: all })).toEqual({
      generation: 1,
      term: 7,
      replicas: [{ ...first, address }, ...others],
      leaving: null,
    });
  });

  test('tells it also while another one moves', () => {
    const leaving = {
      generation: 4,
      replicas: [first, ...others.slice(0, 1), newcomer],
      leaving: others[1] ?? null,
    };
    const groups = logGroups([a, b, d].map((name) => logMember(name)));
    expect(moveTo({ ...moved, replicas: leaving, groups })).toEqual({
      ...leaving,
      generation: 5,
      term: 7,
      replicas: [{ ...first, address }, ...leaving.replicas.slice(1)],
    });
  });

  test.each([
    {
      when: 'nobody was asked',
      given: moved,
      message:
        'waiting for most replicas of the log to agree before one of them is moved: start their machines',
    },
    {
      when: 'another one lags',
      given: { ...moved, groups: logGroups([logMember(a), logMember(b), deadMember(c)]) },
      message: `waiting for the replica ${c} of the log to have all of it: start its machine if it does not run`,
    },
  ])('waits when $when', ({ given, message }) => {
    expect(decide(seen(given))).toEqual(waiting(message));
  });

  test('does nothing while its host is not known to live', () => {
    const { facts } = moved;
    const node = facts.get(id(1));
    const gone = nodes({ 1: { ...dead, node: { addresses: [address] } } });
    expect(node?.node.addresses).toEqual([address]);
    expect(decide(seen({ facts: gone }))).toEqual([]);
  });
});
