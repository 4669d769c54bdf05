import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/host-upkeep/decide.ts';
import type {
  ArrivalSight,
  Observed,
  StandBy,
} from '../../../src/controllers/host-upkeep/observed.ts';
import { NO_PARTS, type Upkeep } from '../../../src/state/upkeep.ts';
import { entry, id } from '../../support/controllers-entries.ts';
import { NEW, OLD } from '../../support/upkeep-bench.ts';
import { WALL_MS, observed as worker } from './observations.ts';

const OPERATION = 'stand-by-2-1';
const LIST = 'warm-list-1-34-4-stand-by-2-1';
const PULL = 'warm-pull-1-34-4-stand-by-2-1';
const PROXY = `registry.k8s.io/kube-proxy:${NEW}`;
const ended = (outcome: 'succeeded' | 'failed') =>
  ({ phase: 'ended', outcome, reason: 'it said so', output: '' }) as const;
const absent = { phase: 'absent' } as const;

/** Programs are there, and nothing is known of images. */
const sight: ArrivalSight = {
  presence: { folder: '/opt/k8s/1.34.4', problem: null },
  arrival: { phase: 'done' },
  arrivalForMs: 0,
  images: { list: absent, pull: absent, missing: undefined, inStateForMs: 0 },
  imageRepository: undefined,
};
const listed = { list: ended('succeeded'), pull: absent, inStateForMs: 0 };
const noPrograms = { folder: null, problem: 'none is here' };

function standBy(change: Partial<StandBy> = {}): StandBy {
  return { operationId: OPERATION, kubernetesVersion: NEW, heldBy: null, sight, ...change };
}

function told(change: Partial<NonNullable<Upkeep['standBy']>> = {}): Upkeep {
  const { operationId, kubernetesVersion } = standBy();
  return {
    nodeId: id(2),
    incarnation: 1,
    parts: NO_PARTS,
    prepared: [],
    configurationDigest: null,
    work: null,
    standBy: { operationId, kubernetesVersion, state: 'warming', waiting: null, ...change },
  };
}

function observed(change: Partial<Observed>): Observed {
  return {
    ...worker(),
    order: undefined,
    servesBy: undefined,
    sight: undefined,
    reported: entry('upkeep', told(), 9),
    ...change,
  };
}

/** What is done, in a word or two each. */
function done(change: Partial<Observed>): readonly string[] {
  return decide(observed(change)).map((action) => {
    switch (action.type) {
      case 'report': {
        const { standBy: is } = action.upkeep;
        const waits = is?.waiting ? `, waits for ${is.waiting.reason}` : '';
        return is ? `tells ${is.kubernetesVersion} ${is.state}${waits}` : 'tells nothing more';
      }
      case 'start-command':
        return `starts ${action.name}`;
      case 'forget-command':
        return `forgets ${action.name}`;
      case 'requeue':
        return `looks again after ${action.afterMs}`;
      default:
        return action.type;
    }
  });
}

interface Row {
  readonly when: string;
  readonly change: Partial<Observed>;
  readonly done: readonly string[];
}

const SOON = 'looks again after 1000';
const LATER = 'looks again after 5000';
const warm = entry('upkeep', told({ state: 'warm' }), 9);

describe('a node that stands by', () => {
  test.each<Row>([
    {
      when: 'it has told nothing yet: that it begins comes first',
      change: { reported: undefined, standBy: standBy() },
      done: [`tells ${NEW} warming`, `starts ${LIST}`, SOON],
    },
    {
      when: 'it was warm for another release',
      change: {
        reported: entry('upkeep', told({ state: 'warm', kubernetesVersion: OLD }), 9),
        standBy: standBy(),
      },
      done: [`tells ${NEW} warming`, `starts ${LIST}`, SOON],
    },
    {
      when: 'it was warm the last time it stood by',
      change: {
        reported: entry('upkeep', told({ state: 'warm', operationId: 'stand-by-2-0' }), 9),
        standBy: standBy(),
      },
      done: [`tells ${NEW} warming`, `starts ${LIST}`, SOON],
    },
    {
      when: 'programs are missing',
      change: {
        standBy: standBy({
          sight: { ...sight, presence: noPrograms, arrival: { phase: 'idle' }, images: undefined },
        }),
      },
      done: ['obtain-release', SOON],
    },
    {
      when: 'nobody has the programs',
      change: {
        standBy: standBy({ sight: { ...sight, presence: noPrograms, images: undefined } }),
      },
      done: [`tells ${NEW} warming, waits for release`, LATER],
    },
    {
      when: 'images are missing',
      change: {
        standBy: standBy({ sight: { ...sight, images: { ...listed, missing: [PROXY] } } }),
      },
      done: [`starts ${PULL}`, SOON],
    },
    {
      when: 'images can not be had',
      change: {
        standBy: standBy({
          sight: { ...sight, images: { ...listed, pull: ended('failed'), missing: [PROXY] } },
        }),
      },
      done: [`tells ${NEW} warming, waits for images`, LATER],
    },
    {
      when: 'all is there',
      change: { standBy: standBy({ sight: { ...sight, images: { ...listed, missing: [] } } }) },
      done: [`forgets ${LIST}`, `forgets ${PULL}`, `tells ${NEW} warm`],
    },
    {
      when: 'it is warm',
      change: { reported: warm, standBy: standBy({ sight: undefined }) },
      done: [],
    },
    {
      when: 'a rollout is under way',
      change: { standBy: standBy({ heldBy: 'upgrade-1', sight: undefined }) },
      done: [`tells ${NEW} warming, waits for rollout`, LATER],
    },
    {
      when: 'its copy of the log may be old',
      change: { synced: false, standBy: standBy() },
      done: [],
    },
    {
      when: 'it got a role meanwhile',
      change: {},
      done: [`forgets ${LIST}`, `forgets ${PULL}`, 'tells nothing more'],
    },
    { when: 'it got a role once it was warm', change: { reported: warm }, done: [] },
    {
      when: 'it got a role, as an old copy of the log says',
      change: { synced: false },
      done: [],
    },
    {
      when: 'it was warming in an earlier life',
      change: { reported: entry('upkeep', { ...told(), incarnation: 7 }, 9) },
      done: [],
    },
  ])('$when', ({ change, done: expected }) => {
    expect(done(change)).toEqual(expected);
  });

  test('asks for images so that whatever else the host does comes first', () => {
    const [start] = decide(observed({ standBy: standBy() }));
    expect(start).toEqual({
      type: 'start-command',
      name: LIST,
      argv: [
        '/usr/bin/nice',
        '-n',
        '19',
        '/opt/k8s/1.34.4/kubeadm',
        'config',
        'images',
        'list',
        `--kubernetes-version=${NEW}`,
      ],
    });
  });

  test('dates a wait once', () => {
    const held = standBy({ heldBy: 'upgrade-1', sight: undefined });
    const [report] = decide(observed({ standBy: held }));
    const waiting = report?.type === 'report' ? report.upkeep.standBy?.waiting : undefined;
    expect(waiting?.sinceWallMs).toBe(WALL_MS);
    const reported = entry('upkeep', told({ waiting: waiting ?? null }), 9);
    expect(done({ reported, standBy: held, wallMs: WALL_MS + 5_000 })).toEqual([LATER]);
  });
});
