import { describe, expect, test } from '@jest/globals';
import { parsePlan, type TypedPlan } from '../../../src/simulation/scenario/plan.ts';
import type { PlannedEvent } from '../../../src/simulation/scenario/planned-event.ts';
import { clusterSpecSchema } from '../../../src/state/cluster-spec.ts';

const CLUSTER = {
  hostnames: ['n1', 'n2', 'n3'],
  spec: clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4' }),
};
const DEFAULTS: TypedPlan = { at: '1m', for: '1h', seed: '1' };

const parsed = (typed: Partial<TypedPlan>) => parsePlan({ ...DEFAULTS, ...typed }, CLUSTER);

test('nothing typed is an hour in which nothing happens', () => {
  expect(parsed({})).toEqual({ events: [], forMs: 3_600_000, seed: 1 });
});

interface Accepted {
  readonly typed: Partial<TypedPlan>;
  readonly events: readonly PlannedEvent[];
}

describe('events happen at their own moment, else at that of --at, in order of time:', () => {
  test.each<Accepted>([
    {
      typed: { kill: ['n1,n2@30s'] },
      events: [
        { type: 'kill', host: 'n2', atMs: 30_000 },
        { type: 'kill', host: 'n1', atMs: 60_000 },
      ],
    },
    {
      typed: { kill: ['n3'], powerOff: ['n1@0s, n2'], at: '1h30m', for: '2h' },
      events: [
        { type: 'power-off', host: 'n1', atMs: 0 },
        { type: 'kill', host: 'n3', atMs: 5_400_000 },
        { type: 'power-off', host: 'n2', atMs: 5_400_000 },
      ],
    },
    {
      typed: { kill: ['n1', 'n3@10s'], powerOff: ['n2'] },
      events: [
        { type: 'kill', host: 'n3', atMs: 10_000 },
        { type: 'kill', host: 'n1', atMs: 60_000 },
        { type: 'power-off', host: 'n2', atMs: 60_000 },
      ],
    },
    {
      typed: { partition: 'n1|n2,n3@5m' },
      events: [{ type: 'partition', groups: [['n1'], ['n2', 'n3']], atMs: 300_000 }],
    },
    {
      typed: { upgrade: '1.35.1' },
      events: [{ type: 'upgrade', version: 'v1.35.1', through: [], atMs: 60_000 }],
    },
    {
      typed: { upgrade: '1.34.9,v1.35.1@5m' },
      events: [{ type: 'upgrade', version: 'v1.35.1', through: ['v1.34.9'], atMs: 300_000 }],
    },
    {
      typed: { upgrade: 'v1.34.5@2m' },
      events: [{ type: 'upgrade', version: 'v1.34.5', through: [], atMs: 120_000 }],
    },
  ])('$typed', ({ typed, events }) => {
    expect(parsed(typed).events).toEqual(events);
  });
});

const A_DURATION = 'say a duration such as 90s, 10m or 1h30m';

interface Refused {
  readonly typed: Partial<TypedPlan>;
  readonly sentence: string;
}

describe('what can not be is refused by one sentence with the option and the cure:', () => {
  test.each<Refused>([
    {
      typed: { for: '0' },
      sentence: `--for 0 is wrong: ${A_DURATION}, longer than 0s and at most 168h.`,
    },
    {
      typed: { for: '169h' },
      sentence: `--for 169h is wrong: ${A_DURATION}, longer than 0s and at most 168h.`,
    },
    { typed: { at: '-5m' }, sentence: `--at -5m is wrong: ${A_DURATION}, at most 168h.` },
    {
      typed: { kill: ['n1@soon'] },
      sentence: `--kill n1@soon is wrong: ${A_DURATION}, at most 168h.`,
    },
    {
      typed: { kill: ['n1@1h'] },
      sentence:
        '--kill n1@1h happens when all is over: choose an earlier --at or n1@MOMENT, or a longer --for.',
    },
    {
      typed: { seed: 'x' },
      sentence: '--seed x is wrong: say a whole number from 0 to 4294967295.',
    },
    {
      typed: { seed: '-1' },
      sentence: '--seed -1 is wrong: say a whole number from 0 to 4294967295.',
    },
    {
      typed: { powerOff: ['n9'] },
      sentence: '--power-off names n9, but the machines are n1, n2, n3: choose among them.',
    },
    {
      typed: { kill: ['n1,'] },
      sentence: '--kill names an empty name, but the machines are n1, n2, n3: choose among them.',
    },
    { typed: { kill: ['n1,n1@5m'] }, sentence: '--kill names n1 more than once: name it once.' },
    { typed: { kill: ['n1', 'n2,n1'] }, sentence: '--kill names n1 more than once: name it once.' },
    {
      typed: { kill: ['n2', ''] },
      sentence: '--kill names an empty name, but the machines are n1, n2, n3: choose among them.',
    },
    {
      typed: { kill: ['n1'], powerOff: ['n1'] },
      sentence: '--kill and --power-off both name n1: leave one of them out.',
    },
    {
      typed: { partition: 'n1,n2,n3' },
      sentence: '--partition n1,n2,n3 is one group: separate at least two with |, as in n1,n2|n3.',
    },
    {
      typed: { partition: 'n1,n2|n2,n3' },
      sentence: '--partition names n2 more than once: name it once.',
    },
    {
      typed: { partition: 'n1|n2' },
      sentence: '--partition leaves out n3: put every machine into one group.',
    },
    {
      typed: { partition: 'n1|n2,n4' },
      sentence: '--partition names n4, but the machines are n1, n2, n3: choose among them.',
    },
    {
      typed: { upgrade: 'latest' },
      sentence: '--upgrade latest is refused: latest is no release such as v1.34.4.',
    },
    {
      typed: { upgrade: 'v1.35' },
      sentence: '--upgrade v1.35 is refused: v1.35 is no release such as v1.34.4.',
    },
    {
      typed: { upgrade: '1.35.1,' },
      sentence: '--upgrade 1.35.1, is refused: an empty name is no release such as v1.34.4.',
    },
    {
      typed: { upgrade: 'v1.35.1@5m,v1.36.1@6m' },
      sentence:
        '--upgrade v1.35.1@5m,v1.36.1@6m names more than one moment: say one, behind the last release, as in v1.34.4,v1.35.1@5m.',
    },
    {
      typed: { upgrade: 'v1.99.0' },
      sentence:
        '--upgrade v1.99.0 is refused: kubernetesVersion is v1.99.0, which is not supported: choose from v1.28 to v1.35.',
    },
    {
      typed: { upgrade: 'v1.34.4' },
      sentence:
        '--upgrade v1.34.4 is refused: the cluster is at v1.34.4, so choose a newer release.',
    },
    {
      typed: { upgrade: 'v1.35.2,v1.35.1' },
      sentence:
        '--upgrade v1.35.2,v1.35.1 is refused: upgrade.through names v1.35.2, newer than kubernetesVersion v1.35.1: leave it out, or ask for a newer one.',
    },
    {
      typed: { upgrade: 'soon,v1.35.1' },
      sentence: '--upgrade soon,v1.35.1 is refused: soon is no release such as v1.34.4.',
    },
  ])('$typed', ({ typed, sentence }) => {
    expect(() => parsed(typed)).toThrow(
      expect.objectContaining({ code: 'cli.bad-plan', message: sentence }),
    );
  });

  test('an upgrade that skips a minor release, unless it or the spec names one of that', () => {
    const spec = { ...CLUSTER.spec, kubernetesVersion: 'v1.33.2' };
    const from = (upgrade: string, through: string[] = []) => {
      const cluster = { ...CLUSTER, spec: { ...spec, upgrade: { ...spec.upgrade, through } } };
      return parsePlan({ ...DEFAULTS, upgrade }, cluster).events;
    };
    expect(() => from('v1.35.1')).toThrow(
      '--upgrade v1.35.1 is refused: the cluster is at v1.33.2, so pass a release of v1.34 on the way, such as v1.34.0,v1.35.1.',
    );
    expect(from('v1.34.4,v1.35.1')).toEqual(from('v1.35.1', ['v1.34.4']));
  });
});
