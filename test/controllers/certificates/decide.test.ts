import { describe, expect, test } from '@jest/globals';
import { decide } from '../../../src/controllers/certificates/decide.ts';
import type { Observed, Underway } from '../../../src/controllers/certificates/observed.ts';
import type { Renewal } from '../../../src/controllers/certificates/renewal.ts';
import type { LeafCertificate } from '../../../src/state/leaf-certificates.ts';
import type { Order } from '../../../src/state/order.ts';
import { entry, id } from '../../support/controllers-entries.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 300 * DAY_MS;
const OLD = [0, 365 * DAY_MS] as const;
const YOUNG = [250 * DAY_MS, 615 * DAY_MS] as const;
const OVER = [-100 * DAY_MS, 265 * DAY_MS] as const;
const OPERATION = 'renew-certificates-1';
const CLOCK = 'the clocks differ';

function leaf(name: string, [from, until]: readonly [number, number]): LeafCertificate {
  return { name, notBeforeWallMs: from, notAfterWallMs: until };
}

/** A control plane that has just told of leaves that are past two thirds of their life. */
function observed(overrides: Partial<Observed> = {}): Observed {
  const leaves = overrides.leaves ?? [
    leaf('apiserver', OLD),
    leaf('scheduler.conf', OLD),
    leaf('kubelet', YOUNG),
  ];
  const nodeId = id(1);
  return {
    nodeId,
    incarnation: 1,
    wallMs: NOW_MS,
    synced: true,
    settled: true,
    serves: true,
    hostsControlPlane: true,
    parked: false,
    leaves,
    clockTrouble: undefined,
    entry: entry('certificates', { nodeId, incarnation: 1, leaves: [...leaves], work: null }, 7),
    order: undefined,
    obeyedTerm: 0,
    drained: false,
    underway: undefined,
    notRunning: [],
    bootstrap: undefined,
    handover: undefined,
    ...overrides,
  };
}

function order(overrides: Partial<Order> = {}): Order {
  return {
    nodeId: id(1),
    incarnation: 1,
    term: 4,
    operationId: OPERATION,
    task: 'renew-certificates',
    planId: 'renew-1',
    kubernetesVersion: 'v1.34.4',
    first: false,
    drains: false,
    sponsor: null,
    ...overrides,
  };
}

function underway(
  renewal: Partial<Renewal> = {},
  facts: Partial<Omit<Underway, 'renewal'>> = {},
): Underway {
  return {
    renewal: {
      id: OPERATION,
      ordered: true,
      startedWallMs: NOW_MS,
      phase: 'renew',
      before: [{ name: 'apiserver', notAfterWallMs: OLD[1] }],
      backedUp: true,
      synced: true,
      restarted: [],
      whyPutBack: null,
      ...renewal,
    },
    command: { phase: 'absent' },
    apiServerReady: true,
    kubeletRuns: true,
    served: [],
    inStepForMs: 0,
    ...facts,
  };
}

type Step = ReturnType<typeof decide>[number];

/** Types of the actions, whom they restart, and the reason of the wait. */
function outline(given: Observed): readonly string[] {
  return decide(given)
    .map(inWords)
    .filter((words) => words !== '');
}

function inWords(step: Step): string {
  switch (step.type) {
    case 'requeue':
      return step.waiting ? `waits: ${step.waiting.reason}` : '';
    case 'restart':
      return `restart ${step.user}`;
    case 'report': {
      const { work } = step.value;
      return ['report', work?.state, work?.waiting?.reason].filter(Boolean).join(' ');
    }
    default:
      return step.type;
  }
}

const RENEWED = [leaf('apiserver', YOUNG), leaf('kubelet', YOUNG)];
const ALL = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver'] as const;
const ENDED = { phase: 'succeeded', output: '' } as const;

describe('without an order', () => {
  test.each<[string, Partial<Observed>, readonly string[]]>([
    ['nothing is done about leaves that are due', {}, []],
    ['the log is told of leaves', { entry: undefined }, ['report']],
    [
      'nothing is told before the copy of the log is the log',
      { entry: undefined, synced: false },
      [],
    ],
    ['nothing is told while a host is on its way', { entry: undefined, settled: false }, []],
    ['a host without leaves has nothing to tell', { entry: undefined, leaves: [] }, []],
    [
      'kubelet.conf names the certificate that is rotated, once there is one',
      { leaves: [leaf('kubelet', YOUNG), leaf('kubelet.conf', OLD)] },
      ['name-rotated'],
    ],
    [
      'a token that is no longer needed goes',
      { bootstrap: { tokenId: 'abcdef' } },
      ['remove-bootstrap'],
    ],
    ['while a host joins its token stays', { bootstrap: { tokenId: 'abcdef' }, serves: false }, []],
  ])('%s', (_, overrides, outcome) => {
    expect(outline(observed(overrides))).toEqual(outcome);
  });
});

describe('leaves that are over', () => {
  const leaves = [leaf('apiserver', OVER), leaf('kubelet', YOUNG)];
  test.each<[string, Partial<Observed>, readonly string[]]>([
    ['are renewed without an order', { leaves }, ['record']],
    ['are renewed also while the log is not reached', { leaves, synced: false }, ['record']],
    [
      'are not judged by a clock that others contradict',
      { leaves, clockTrouble: CLOCK },
      ['waits: clock'],
    ],
    ['stay where no control plane is', { leaves, hostsControlPlane: false }, []],
    ['stay while a host is parked since its boot', { leaves, parked: true }, []],
    ['stay while another operation changes the host', { leaves, settled: false }, []],
  ])('%s', (_, overrides, outcome) => {
    const told = entry('certificates', { nodeId: id(1), incarnation: 1, leaves, work: null }, 7);
    expect(outline(observed({ entry: told, ...overrides }))).toEqual(outcome);
  });

  test('are tried again for ever, and nobody waits for a handshake', () => {
    const over = {
      id: 'over-1',
      ordered: false,
      before: [{ name: 'apiserver', notAfterWallMs: OVER[1] }],
    };
    const failed = { phase: 'failed', exitCode: 1, output: 'no key' } as const;
    const at = (facts: Partial<Underway>, overrides: Partial<Observed> = {}) =>
      outline(
        observed({ leaves, underway: underway({ ...over, synced: false }, facts), ...overrides }),
      ).filter((what) => what !== 'report');
    expect([
      at({}),
      at({ command: failed }),
      at({ command: failed, inStepForMs: 300_000 }),
      outline(
        observed({ leaves: RENEWED, underway: underway({ ...over, restarted: [...ALL] }) }),
      ).filter((what) => what !== 'report'),
    ]).toEqual([['renew'], ['waits: certificates-over'], ['forget-command'], ['finish']]);
  });
});

describe('a kubelet that nobody lets in any more', () => {
  test('has its new certificate safe from a power cut before anybody hears of it, and takes its token back', () => {
    const given = observed({
      leaves: [leaf('kubelet', YOUNG), leaf('kubelet.conf', OVER)],
      bootstrap: { tokenId: 'ghijkl' },
      entry: entry('certificates', { nodeId: id(1), incarnation: 1, leaves: [], work: null }, 7),
    });
    expect(outline(given)).toEqual(['name-rotated', 'remove-bootstrap', 'report']);
  });

  const leaves = [leaf('apiserver', YOUNG), leaf('kubelet', OVER)];
  const worker = { hostsControlPlane: false } as const;
  const handover = { tokenId: 'ghijkl' };
  test.each<[string, Partial<Observed>, readonly string[]]>([
    ['of a control plane runs first, so that there is an API', {}, ['hold-kubelet']],
    [
      'waits for a token then',
      { bootstrap: { tokenId: 'abcdef' } },
      ['waits: kubelet-certificate'],
    ],
    ['of a worker waits at once', worker, ['waits: kubelet-certificate']],
    ['gets the token that was handed over', { ...worker, handover }, ['bootstrap-kubelet']],
    [
      'gets a newer token, too',
      { ...worker, handover, bootstrap: { tokenId: 'abcdef' } },
      ['bootstrap-kubelet'],
    ],
    [
      'gets each token once',
      { ...worker, handover, bootstrap: handover },
      ['waits: kubelet-certificate'],
    ],
    ['is not judged by a clock that others contradict', { clockTrouble: CLOCK }, ['waits: clock']],
    ['is left alone while the host is parked', { parked: true }, []],
    ['is left alone while it joins', { serves: false }, []],
    [
      'has nothing to fear while its rotated certificate is good',
      { leaves: [leaf('kubelet', YOUNG), leaf('kubelet.conf', OVER)] },
      ['name-rotated'],
    ],
  ])('%s', (_, overrides, outcome) => {
    const all = overrides.leaves ?? leaves;
    const told = entry(
      'certificates',
      { nodeId: id(1), incarnation: 1, leaves: [...all], work: null },
      7,
    );
    expect(outline(observed({ leaves, entry: told, ...overrides }))).toEqual(outcome);
  });
});

describe('an order', () => {
  test.each<[string, Partial<Observed>, readonly string[]]>([
    ['is obeyed: told, then kept on disk, then begun', {}, ['report under-way', 'obey', 'record']],
    ['is not obeyed by an old copy of the log', { synced: false }, ['waits: log']],
    [
      'is not obeyed by a node that does not serve',
      { serves: false },
      ['report under-way not-serving', 'waits: not-serving'],
    ],
    [
      'of an older term than was obeyed is not obeyed',
      { obeyedTerm: 5 },
      ['report under-way stale-order', 'waits: stale-order'],
    ],
    [
      'waits while clocks differ',
      { clockTrouble: CLOCK },
      ['report under-way clock', 'waits: clock'],
    ],
    [
      'waits until the pods are gone',
      { order: order({ drains: true }) },
      ['report under-way drain', 'waits: drain'],
    ],
    [
      'goes on then',
      { order: order({ drains: true }), drained: true },
      ['report under-way', 'obey', 'record'],
    ],
    [
      'is obeyed where they are due soon, as it goes along with other nodes',
      { leaves: [leaf('apiserver', [60 * DAY_MS, 425 * DAY_MS])] },
      ['report under-way', 'obey', 'record'],
    ],
    [
      'fails where nothing is due by the clock of this host',
      { leaves: [leaf('apiserver', [200 * DAY_MS, 565 * DAY_MS])] },
      ['report failed'],
    ],
    [
      'is done where all was renewed a moment ago',
      { leaves: [leaf('apiserver', [NOW_MS, NOW_MS + 365 * DAY_MS])] },
      ['report done'],
    ],
    [
      'is done where the kubelet alone has something to renew',
      { leaves: [leaf('apiserver', [200 * DAY_MS, 565 * DAY_MS]), leaf('kubelet', OLD)] },
      ['report done'],
    ],
  ])('%s', (_, overrides, outcome) => {
    expect(outline(observed({ order: order(), ...overrides }))).toEqual(outcome);
  });

  test('takes all of kubeadm’s leaves with it, and none of the kubelet’s', () => {
    const record = decide(observed({ order: order() })).find(({ type }) => type === 'record');
    expect(record).toMatchObject({
      renewal: {
        id: OPERATION,
        before: [
          { name: 'apiserver', notAfterWallMs: OLD[1] },
          { name: 'scheduler.conf', notAfterWallMs: OLD[1] },
        ],
      },
    });
  });
});

describe('a renewal under way', () => {
  test.each<[string, Partial<Renewal>, Partial<Underway>, Partial<Observed>, readonly string[]]>([
    ['keeps the former leaves first', { backedUp: false, synced: false }, {}, {}, ['back-up']],
    ['renews then', { synced: false }, {}, {}, ['renew']],
    ['waits for kubeadm', { synced: false }, { command: { phase: 'running' } }, {}, []],
    [
      'is put back when kubeadm left a leaf as it was',
      { synced: false },
      { command: ENDED },
      {},
      ['record'],
    ],
    [
      'makes durable what kubeadm wrote before anything runs with it',
      { synced: false },
      { command: ENDED },
      { leaves: RENEWED },
      ['sync-files', 'forget-command'],
    ],
    [
      'renews once more where a power cut took kubeadm before all was durable',
      { synced: false },
      {},
      { leaves: RENEWED },
      ['renew'],
    ],
    [
      'is put back where a power cut left nothing of a leaf',
      { synced: false },
      {},
      { leaves: [leaf('kubelet', YOUNG)] },
      ['record'],
    ],
    [
      'mends such a leaf where nobody wants the former ones back',
      { synced: false, ordered: false },
      {},
      { leaves: [leaf('kubelet', YOUNG)] },
      ['mend'],
    ],
    ['restarts the clients one by one', {}, {}, { leaves: RENEWED }, ['restart kube-scheduler']],
    [
      'restarts the API server last',
      { restarted: ['kube-scheduler', 'kube-controller-manager'] },
      {},
      { leaves: RENEWED },
      ['restart kube-apiserver'],
    ],
    [
      'restarts nobody while the API server does not answer',
      { restarted: ['kube-scheduler'] },
      { apiServerReady: false },
      { leaves: RENEWED },
      [],
    ],
    ['restarts nobody without a kubelet', {}, { kubeletRuns: false }, { leaves: RENEWED }, []],
    [
      'is not done before each server shows its new leaf',
      { restarted: [...ALL] },
      { served: [{ name: 'apiserver', state: 'former' }] },
      { leaves: RENEWED },
      [],
    ],
    [
      'is not done before the kubelet made itself another certificate',
      { restarted: [...ALL, 'kubelet'], before: [{ name: 'kubelet-serving', notAfterWallMs: 1 }] },
      {},
      { leaves: RENEWED },
      [],
    ],
    [
      'is not done while a server is silent',
      { restarted: [...ALL] },
      { served: [{ name: 'etcd-peer', state: 'silent' }] },
      { leaves: RENEWED },
      [],
    ],
    [
      'is done though a server shows a former leaf that it left alone',
      { restarted: [...ALL] },
      { served: [{ name: 'kubelet-serving', state: 'former' }] },
      { leaves: RENEWED },
      ['report done', 'finish'],
    ],
    [
      'lets a kubelet in again that nobody lets in by now',
      { restarted: [...ALL] },
      { apiServerReady: false, kubeletRuns: false },
      { leaves: [leaf('apiserver', YOUNG), leaf('kubelet', OVER)] },
      ['hold-kubelet'],
    ],
    [
      'does so on its way back as well',
      { phase: 'put-back', restarted: ['kube-scheduler'] },
      { kubeletRuns: false },
      { leaves: [leaf('apiserver', OLD), leaf('kubelet', OVER)] },
      ['hold-kubelet'],
    ],
    [
      'begins anew, as one that nobody ordered, where its leaves are over by now',
      { restarted: [...ALL] },
      {},
      { leaves: [leaf('apiserver', OVER)] },
      ['record'],
    ],
    [
      'begins anew where the former leaves are over',
      { phase: 'put-back' },
      { command: ENDED },
      { leaves: [leaf('apiserver', OVER)] },
      ['forget-command', 'record'],
    ],
    [
      'lets kubeadm end before that',
      { synced: false },
      { command: { phase: 'running' } },
      { leaves: [leaf('apiserver', OVER)] },
      [],
    ],
    [
      'takes nothing for over by a clock that others contradict',
      { restarted: [...ALL] },
      {},
      { leaves: [leaf('apiserver', OVER)], clockTrouble: CLOCK },
      [],
    ],
    [
      'is told before it is forgotten',
      { restarted: [...ALL] },
      { served: [{ name: 'apiserver', state: 'present' }] },
      { leaves: RENEWED },
      ['report done', 'finish'],
    ],
    [
      'is not forgotten while nobody can be told',
      { restarted: [...ALL] },
      { served: [{ name: 'apiserver', state: 'present' }] },
      { leaves: RENEWED, synced: false },
      [],
    ],
    ['ends without a trace on a host that left Kubernetes', {}, {}, { serves: false }, ['finish']],
    [
      'waits while something else changes the host',
      { phase: 'put-back' },
      {},
      { serves: false, settled: false },
      [],
    ],
    ['is given up when a step takes too long', {}, { inStepForMs: 900_000 }, {}, ['record']],
    [
      'goes back by the former leaves',
      { phase: 'put-back' },
      {},
      { leaves: RENEWED },
      ['put-back'],
    ],
    [
      'starts again whoever read the new ones',
      { phase: 'put-back', restarted: ['kube-scheduler'] },
      {},
      {},
      ['restart kube-scheduler'],
    ],
    [
      'has failed then',
      { phase: 'put-back', whyPutBack: 'x' },
      {},
      {},
      ['report failed', 'finish'],
    ],
  ])('%s', (_, renewal, facts, overrides, outcome) => {
    const given = observed({ underway: underway(renewal, facts), order: order(), ...overrides });
    const steps = outline(given).filter((what) => what !== 'report under-way');
    expect(steps).toEqual(outcome);
  });

  test('of a kubelet’s own certificate asks nothing of kubeadm', () => {
    const leaves = [leaf('kubelet-serving', OLD), leaf('kubelet', YOUNG)];
    const before = [{ name: 'kubelet-serving', notAfterWallMs: OLD[1] }];
    const given = observed({ leaves, hostsControlPlane: false, underway: underway({ before }) });
    expect(outline(given)).toEqual(['report under-way', 'restart kubelet']);
  });
});
