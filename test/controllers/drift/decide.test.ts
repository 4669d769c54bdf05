import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../../src/controllers/drift/action.ts';
import { NO_BASELINE } from '../../../src/controllers/drift/baseline.ts';
import { decide } from '../../../src/controllers/drift/decide.ts';
import { findFiles } from '../../../src/controllers/drift/find-files.ts';
import type { Serving } from '../../../src/controllers/drift/observed.ts';
import { EMPTY_BOOK } from '../../../src/controllers/drift/repair-book.ts';
import type { Requeue } from '../../../src/state/requeue.ts';
import { entry, id } from '../../support/controllers-entries.ts';
import {
  BASELINE,
  DROP_IN,
  filesWith,
  KUBELET_CONFIG,
  KUBELET_FLAGS,
  SCHEDULER,
  serving,
} from './observations.ts';

type World = Parameters<typeof serving>[0];

/** Every step that follows, each carried out as far as the next decision can see it. */
function stepsIn(given: World): readonly string[] {
  const steps: string[] = [];
  let world = serving(given);
  for (let pass = 0; pass < 12; pass += 1) {
    const [action] = decide(world);
    if (action === undefined) return steps;
    steps.push(nameOf(action));
    if (action.type === 'requeue') return steps;
    world = serving({ ...world, ...afterwards(action, world) });
  }
  return [...steps, 'and so on'];
}

function nameOf(action: Action | Requeue): string {
  if (action.type === 'repair') return `repair ${action.finding.item}`;
  if (action.type !== 'tell') return action.type;
  const told = action.drift?.deviations.map(({ item, state }) => `${item} ${state}`) ?? [];
  return ['tell', ...told].join(' ');
}

function afterwards(action: Action, { host, node }: Serving): Partial<Serving> {
  switch (action.type) {
    case 'keep-baseline':
      return { baseline: action.baseline };
    case 'remember':
    case 'finish':
      return { book: action.book };
    case 'tell':
      return { reported: action.drift ? entry('drift', action.drift, 7) : undefined };
    case 'repair': {
      const { repair } = action;
      const items = action.book.items.map((each) => ({ ...each, due: null }));
      const book = { ...action.book, items };
      if (repair.type === 'file') {
        const files = new Map([...host.files, [repair.path, repair.content]]);
        return { book, host: { ...host, files } };
      }
      if (repair.type === 'restart-kubelet') return { book, node: { ...node, isAbsent: false } };
      return { book, node: serving().node, host: serving().host };
    }
  }
}

const on = (host: Partial<Serving['host']>): World => ({ host: { ...serving().host, ...host } });
const files = (differs: Readonly<Record<string, string | undefined>>) =>
  on({ files: filesWith(differs) });
const marked = (marks: Partial<NonNullable<Serving['node']['marks']>>): World => {
  const { node } = serving();
  const { marks: usual } = node;
  return usual ? { node: { ...node, marks: { ...usual, ...marks } } } : {};
};
const busy: World = {
  turn: { servesAnyway: false, why: 'n2 is not whole', settling: new Set() },
};
const told = (item: string) => ['remember', `tell ${item} repairing`, `repair ${item}`];
const over = ['remember', 'tell'];

describe('what is done about a host that serves', () => {
  test.each<{ when: string; given: World; steps: readonly string[] }>([
    { when: 'nothing was changed', given: {}, steps: [] },
    {
      when: 'nobody knows how it was left (S17)',
      given: {
        ...files({ [KUBELET_CONFIG]: 'by hand' }),
        baseline: { ...BASELINE, of: null, files: [] },
      },
      steps: [],
    },
    {
      when: 'the kubelet was configured by hand',
      given: files({ [KUBELET_CONFIG]: 'by hand' }),
      steps: [...told('kubelet-config'), ...over],
    },
    {
      when: 'a file is gone',
      given: files({ [DROP_IN]: undefined }),
      steps: [...told('unit:kubelet-drop-in'), ...over],
    },
    {
      when: 'the kubelet has another address, as the host moved',
      given: files({ [KUBELET_FLAGS]: 'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.9"' }),
      steps: [],
    },
    {
      when: 'there is a file that no operation left',
      given: files({ '/etc/systemd/system/civitas-haproxy.service': 'by hand' }),
      steps: [],
    },
    {
      when: 'the kernel forwards nothing',
      given: on({ wrongSettings: ['net.ipv4.ip_forward'] }),
      steps: [...told('sysctl:net.ipv4.ip_forward'), ...over],
    },
    {
      when: 'somebody tuned the load balancer',
      given: on({ alteredBalancer: [] }),
      steps: [...told('haproxy'), ...over],
    },
    {
      when: 'its Node is gone',
      given: { node: { ...serving().node, isAbsent: true } },
      steps: [...told('node'), ...over],
    },
    {
      when: 'the taint is gone',
      given: marked({ taints: [] }),
      steps: [...told('taint:node-role.kubernetes.io/control-plane'), ...over],
    },
    {
      when: 'nobody tells of its marks',
      given: { node: { ...serving().node, marks: undefined } },
      steps: [],
    },
    {
      when: 'a worker has no marks',
      given: { node: { isControlPlane: false, isAbsent: false, marks: undefined } },
      steps: [],
    },
    {
      when: 'the spec asks for a word only',
      given: { ...files({ [KUBELET_CONFIG]: 'by hand' }), policy: 'report' },
      steps: ['remember', 'tell kubelet-config reported'],
    },
    {
      when: 'a manifest was changed and the others are whole',
      given: files({ [SCHEDULER]: 'by hand' }),
      steps: [...told('manifest:kube-scheduler'), ...over],
    },
    {
      when: 'a manifest was changed and another control plane is not whole (S6)',
      given: { ...files({ [SCHEDULER]: 'by hand' }), ...busy },
      steps: ['remember', 'tell manifest:kube-scheduler repairing', 'requeue'],
    },
    {
      when: 'a manifest is gone, which somebody that joins may wait for',
      given: { ...files({ [SCHEDULER]: undefined }), ...busy },
      steps: [...told('manifest:kube-scheduler'), ...over],
    },
    {
      when: 'a manifest was changed and nobody is served by this host anyway',
      given: {
        ...files({ [SCHEDULER]: 'by hand' }),
        turn: { servesAnyway: true, why: 'n2 is not whole', settling: new Set() },
      },
      steps: [...told('manifest:kube-scheduler'), ...over],
    },
    {
      when: 'a manifest has to wait, all else has not',
      given: {
        ...files({ [SCHEDULER]: 'by hand', [KUBELET_CONFIG]: 'by hand' }),
        ...busy,
      },
      steps: [
        'remember',
        'tell manifest:kube-scheduler repairing kubelet-config repairing',
        'repair kubelet-config',
        'remember',
        'requeue',
      ],
    },
    {
      when: 'a repaired manifest has yet to serve: the place in line stays',
      given: {
        ...files({ [SCHEDULER]: 'by hand' }),
        turn: {
          servesAnyway: false,
          why: undefined,
          settling: new Set(['manifest:kube-scheduler']),
        },
      },
      steps: [...told('manifest:kube-scheduler'), 'requeue'],
    },
    {
      when: 'two things were changed: one after the other',
      given: files({ [KUBELET_CONFIG]: 'by hand', [DROP_IN]: 'by hand' }),
      steps: [
        'remember',
        'tell kubelet-config repairing unit:kubelet-drop-in repairing',
        'repair kubelet-config',
        'remember',
        'tell unit:kubelet-drop-in repairing',
        'repair unit:kubelet-drop-in',
        ...over,
      ],
    },
    {
      when: 'a ConfigMap is gone: that is for people',
      given: {
        configMaps: [{ name: 'kubeadm-config', verdict: 'absent', text: '' }],
      },
      steps: ['remember', 'tell config-map:kubeadm-config reported'],
    },
  ])('when $when', ({ given, steps }) => {
    expect(stepsIn(given)).toEqual(steps);
  });

  test('a kubelet that was not told of a repaired file is, by whoever comes after', () => {
    const item = {
      item: 'kubelet-config',
      message: 'changed',
      found: 'aa',
      sinceWallMs: 0,
      present: true,
      repairable: true,
      kept: false,
      repairsWallMs: [0],
      due: 'restart-kubelet' as const,
    };
    const deviation = {
      item: item.item,
      message: item.message,
      state: 'repairing' as const,
      sinceWallMs: 0,
    };
    const drift = { nodeId: id(1), incarnation: 1, deviations: [deviation] };
    const given = {
      book: { ...EMPTY_BOOK, items: [item] },
      reported: entry('drift', drift, 7),
    };
    expect(stepsIn(given)).toEqual(['finish', 'remember', 'tell']);
  });

  test('the address of a host that moved stands in a file that is put back', () => {
    const given = {
      ...files({ [KUBELET_FLAGS]: 'KUBELET_KUBEADM_ARGS="--v=9 --node-ip=10.0.0.9"' }),
    };
    const moved = serving({ host: { ...(given.host ?? serving().host), addresses: ['10.0.0.9'] } });
    const [remember] = decide(moved);
    if (remember?.type !== 'remember') throw new RangeError('it was not found');
    const [tell] = decide({ ...moved, book: remember.book });
    if (tell?.type !== 'tell' || !tell.drift) throw new RangeError('it was not told');
    const reported = entry('drift', tell.drift, 7);
    const [repair] = decide({ ...moved, book: remember.book, reported });
    expect(repair).toMatchObject({
      repair: { content: 'KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.9"' },
    });
  });
});

describe('manifests of a control plane that follows its host', () => {
  const ETCD = '/etc/kubernetes/manifests/etcd.yaml';
  const flagsAt = (address: string) => `KUBELET_KUBEADM_ARGS="--node-ip=${address}"`;
  const left = [
    { path: ETCD, content: '--listen-peer-urls=https://10.0.0.1:2380' },
    { path: KUBELET_FLAGS, content: flagsAt('10.0.0.1') },
  ];

  function found(etcd: string, flags: string) {
    const host = {
      files: new Map([
        [ETCD, etcd],
        [KUBELET_FLAGS, flags],
      ]),
      addresses: ['10.0.0.9'],
    };
    const findings = findFiles({ ...BASELINE, files: left }, host);
    return findings.map(({ item, repair }) => [item, repair?.type === 'file' && repair.content]);
  }

  test.each([
    { when: 'have not followed', etcd: left[0]?.content ?? '', flags: flagsAt('10.0.0.1') },
    {
      when: 'are ahead of the kubelet',
      etcd: '--listen-peer-urls=https://10.0.0.9:2380',
      flags: flagsAt('10.0.0.1'),
    },
    {
      when: 'have followed',
      etcd: '--listen-peer-urls=https://10.0.0.9:2380',
      flags: flagsAt('10.0.0.9'),
    },
  ])('are no deviation when they $when', ({ etcd, flags }) => {
    expect(found(etcd, flags)).toEqual([]);
  });

  test('are put back with the address that the host was brought to', () => {
    expect(found('by hand', flagsAt('10.0.0.1'))).toEqual([
      ['manifest:etcd', '--listen-peer-urls=https://10.0.0.1:2380'],
    ]);
    expect(found('by hand', flagsAt('10.0.0.9'))).toEqual([
      ['manifest:etcd', '--listen-peer-urls=https://10.0.0.9:2380'],
    ]);
  });
});

describe('how an operation left a host', () => {
  const pending = { ...BASELINE, pending: 'upgrade-1' };
  const upgraded = { assignment: 'init', order: 'upgrade-1' } as const;

  test('counts from its end on', () => {
    const given = { ...files({ [KUBELET_CONFIG]: 'newer' }), baseline: pending, mark: upgraded };
    const [action] = decide(serving(given));
    expect(action).toMatchObject({
      type: 'keep-baseline',
      baseline: { pending: null, of: { assignment: 'init', order: 'upgrade-1' } },
    });
    expect(stepsIn(given)).toEqual(['keep-baseline']);
  });

  test('is never what people changed before it, and it did not write', () => {
    const changed = files({ [KUBELET_CONFIG]: 'by hand' });
    const [found] = decide(serving(changed));
    if (found?.type !== 'remember') throw new RangeError('it was not found');
    const [kept] = decide(
      serving({ ...changed, book: found.book, baseline: pending, mark: upgraded }),
    );
    const [written] = decide(
      serving({
        ...files({ [KUBELET_CONFIG]: 'newer' }),
        book: found.book,
        baseline: pending,
        mark: upgraded,
      }),
    );
    const contentOf = (action: typeof kept) =>
      action?.type === 'keep-baseline' &&
      action.baseline.files.find(({ path }) => path === KUBELET_CONFIG)?.content;
    expect(contentOf(kept)).toBe('kind: KubeletConfiguration');
    expect(contentOf(written)).toBe('newer');
  });

  test.each([
    ['an order of before', upgraded, ['keep-baseline']],
    ['another role', { assignment: 'promote-1', order: null }, ['keep-baseline']],
    ['before an order that changed nothing', { assignment: 'init', order: 'unknown' }, []],
  ] as const)('is forgotten where the state directory is that of %s', (_when, mark, steps) => {
    expect(stepsIn({ mark })).toEqual(steps);
    const [action] = decide(serving({ mark, ...files({ [SCHEDULER]: 'newer' }) }));
    if (steps.length > 0) expect(action).toEqual({ type: 'keep-baseline', baseline: NO_BASELINE });
  });

  test('is not known from an operation of long ago that was under way in a backup', () => {
    const old = { ...BASELINE, pending: 'upgrade-0' };
    expect(decide(serving({ baseline: old, mark: upgraded }))).toEqual([
      { type: 'keep-baseline', baseline: NO_BASELINE },
    ]);
  });

  test('is looked at by nobody while it is under way', () => {
    const underWay = { state: 'under-way', baseline: BASELINE } as const;
    expect(decide({ ...underWay, pending: 'upgrade-1' })).toEqual([
      { type: 'keep-baseline', baseline: pending },
    ]);
    expect(decide({ ...underWay, baseline: pending, pending: 'upgrade-1' })).toEqual([]);
    expect(decide({ ...underWay, pending: undefined })).toEqual([]);
    expect(decide({ state: 'not-serving' })).toEqual([]);
  });
});
