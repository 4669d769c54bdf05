import { decide as bootFence } from '../../../src/controllers/boot-fence/decide.ts';
import {
  agentDecisions,
  type Decisions,
} from '../../../src/simulation/exploration/control-plane/decisions.ts';
import { enrolled, wholeCluster } from '../../../src/simulation/exploration/control-plane/start.ts';
import {
  type ClusterScope,
  clusterSystem,
} from '../../../src/simulation/exploration/control-plane/system.ts';
import { explore } from '../../../src/simulation/exploration/explore.ts';
import { allMembersSeemWell, nothingSeemsLeft } from './broken-departure.ts';
import {
  obeysAnyTerm,
  obeysLate,
  parkedSaysNoMember,
  resetsAsVoter,
  resetsWhoServes,
  resetsWithoutOthers,
  startsAgain,
  startsFirst,
  takesControlPlane,
  takesDepartureForDone,
  takesGoneForAnnounced,
  trustsAnyCopy,
} from './broken-kubeadm.ts';
import {
  allSeemAlive,
  allSeemDeparted,
  allSeemInTime,
  allSeemToServe,
  anyInit,
  deadSeemNoVoters,
  forPolicy,
  nobodyBeganBefore,
  ownInit,
  withGhost,
} from './broken-roles.ts';
import type { Mutant } from './mutant.ts';
import { oneAndWaiting, thirdIsAsked } from './starts.ts';

type Scope = Omit<ClusterScope, 'size' | 'decisions' | 'only'> & { readonly size?: number };

function mutant(
  name: string,
  breaks: string,
  { size, ...scope }: Scope,
  change: Partial<Decisions>,
): Mutant {
  const sound = { ...scope, size, only: [breaks] };
  const decisions = { ...agentDecisions, ...change };
  return {
    name,
    breaks,
    explore: () => explore(clusterSystem({ ...sound, decisions })),
    exploreSound: () => explore(clusterSystem(sound)),
  };
}

const one: Scope = { nodes: 1, controlPlanes: 1, faults: { crashes: 1 } };
const two: Scope = { nodes: 2, controlPlanes: 1, faults: { crashes: 1 } };
const three: Scope = { nodes: 3, controlPlanes: 3, faults: {} };
const threeCrash: Scope = { ...three, faults: { crashes: 1 } };

/** One control plane that serves, and machines for two more. */
const deposed: Scope = {
  nodes: 4,
  controlPlanes: 3,
  faults: { depositions: 1, silences: 1 },
  ids: 'fixed',
  grace: 'endless',
  start: oneAndWaiting(4),
};

/** One control plane that serves, and a second one that it is to hand over to. */
const pairing: Scope = {
  nodes: 2,
  controlPlanes: 3,
  faults: { crashes: 1, failures: 1 },
  start: {
    ...wholeCluster(2, 2),
    places: [
      ...wholeCluster(1, 1).places,
      enrolled({ task: 'join-control-plane', name: 'join-control-plane-@-1', term: 1 }),
    ],
  },
};

const joinAsked = { task: 'join-worker', name: 'join-worker-@-1', term: 1 } as const;

/** Three control planes that serve, and a worker that kept what the leader of the first term asked. */
const joining: Scope = {
  nodes: 4,
  controlPlanes: 3,
  faults: { crashes: 2 },
  ids: 'fixed',
  grace: 'endless',
  start: {
    ...wholeCluster(4, 3),
    places: [
      ...wholeCluster(3, 3).places,
      { ...enrolled(joinAsked), copy: { asked: joinAsked, recorded: null, state: 'kept' } },
    ],
  },
};

/** Three control planes that serve, and a worker beside them. */
const replacing: Scope = {
  nodes: 4,
  controlPlanes: 3,
  faults: { crashes: 1 },
  start: wholeCluster(4, 3),
};

/** Three control planes that serve, of which one is to stay. */
const shrinking: Scope = {
  nodes: 3,
  controlPlanes: 1,
  faults: {},
  start: wholeCluster(3, 3),
};

export const clusterMutants: readonly Mutant[] = [
  mutant('every node has an init of its own, and nobody remembers it', 'S2', two, {
    roles: anyInit,
  }),
  mutant(
    'every node has an init of its own, and obeys a leader that is late',
    'S2',
    { nodes: 2, controlPlanes: 1, faults: { depositions: 1 }, ids: 'fixed' },
    { roles: ownInit, kubeadm: obeysLate },
  ),
  mutant('kubeadm starts before the entry is written', 'S3', one, { kubeadm: startsFirst }),
  mutant(
    'an old copy of the log counts as the newest',
    'S3',
    { ...one, faults: { crashes: 2, staleCopies: 1 } },
    { kubeadm: trustsAnyCopy },
  ),
  mutant('a worker makes itself a control plane', 'S4', two, { kubeadm: takesControlPlane }),
  mutant('a join counts as done once it was asked for', 'S5', three, { roles: allSeemToServe }),
  mutant('a second voter is added with no third in sight', 'S5', three, { roles: withGhost }),
  mutant('a host is reset while no other API server answers', 'S5', pairing, {
    kubeadm: resetsWithoutOthers,
  }),
  mutant(
    'a voter is reset without leaving etcd first',
    'S5',
    { ...three, faults: { crashes: 1, failures: 1 }, start: oneAndWaiting(3) },
    { kubeadm: resetsAsVoter },
  ),
  mutant('neither the term obeyed nor the age of the copy counts', 'S10', joining, {
    kubeadm: obeysAnyTerm,
  }),
  mutant(
    'kubeadm starts before a quorum has the entry',
    'S11',
    { ...one, faults: { logLosses: 1 } },
    { kubeadm: startsFirst },
  ),
  mutant('a node obeys a leader that was deposed', 'S5', deposed, { kubeadm: obeysLate }),
  mutant('control planes are asked all at once', 'S20', three, { roles: allSeemToServe }),
  mutant('nobody looks whether the other control planes live', 'S20', threeCrash, {
    roles: allSeemAlive,
  }),
  mutant('what a power cut ended starts again at once', 'S24', one, { kubeadm: startsAgain }),
  mutant('what a power cut ended counts as never started', 'S24', one, {
    kubeadm: takesGoneForAnnounced,
  }),
  mutant(
    'roles do not look whether those that stay are a quorum',
    'S5',
    { nodes: 3, controlPlanes: 3, faults: { crashes: 2 }, start: wholeCluster(3, 3) },
    { roles: deadSeemNoVoters },
  ),
  mutant(
    'a member is removed whatever that leaves of etcd',
    'S5',
    { ...shrinking, faults: { crashes: 1 } },
    { departure: allMembersSeemWell, removalTrouble: () => undefined },
  ),
  mutant('a departure counts as done before etcd let go', 'S5', replacing, {
    departure: nothingSeemsLeft,
  }),
  mutant('two control planes are asked to leave at once', 'S20', shrinking, {
    roles: allSeemDeparted,
  }),
  mutant('the heir is asked before the departure is done', 'S20', replacing, {
    roles: allSeemDeparted,
  }),
  mutant('a host whose etcd is parked says that it is no member', 'S20', replacing, {
    kubeadm: parkedSaysNoMember,
    roles: nobodyBeganBefore,
  }),
  mutant(
    'a node that had begun to become a control plane, and did not tell, counts as no member',
    'S20',
    { ...replacing, start: thirdIsAsked() },
    { roles: nobodyBeganBefore },
  ),
  mutant('a booted host gets back what was parked whatever the log says', 'S4', replacing, {
    bootFence: (observed) => bootFence({ ...observed, role: 'control-plane' }),
  }),
  mutant('a host is cleaned before the cluster let go of it', 'S26', replacing, {
    kubeadm: takesDepartureForDone,
  }),
  mutant('an operation that ended well begins anew', 'S26', one, { kubeadm: resetsWhoServes }),
  mutant(
    'what a leader asked that was deposed counts with the next one',
    'goal',
    { nodes: 2, controlPlanes: 1, faults: { depositions: 1 } },
    { roles: allSeemInTime },
  ),
  mutant('no node is kept for the places of control planes', 'goal', three, {
    roles: forPolicy({ controlPlanes: 1 }),
  }),
  mutant(
    'the surplus does not stand by',
    'goal',
    { ...two, size: 1, faults: {} },
    {
      roles: forPolicy({ size: 1_000 }),
    },
  ),
];
