import { expect, test } from '@jest/globals';
import type { FinalMachine, MachineState } from '../../../src/simulation/scenario/quorum.ts';
import { type FinalFacts, judge, type Verdict } from '../../../src/simulation/scenario/verdict.ts';

const THREE = ['n1', 'n2', 'n3'];

/** Three control planes that all run; say only what differs. */
function facts(differs: Partial<FinalFacts> = {}): FinalFacts {
  return {
    machines: THREE.map((hostname) => machine(hostname)),
    logReplicas: THREE,
    etcdVoters: THREE,
    waiting: null,
    logWorks: true,
    apiWorks: true,
    isWhole: true,
    summary: 'whole: 3 of 3 nodes Ready, 3 of 3 control planes serve',
    controlPlanes: THREE,
    replaced: [],
    wantedVersion: 'v1.34.4',
    behind: [],
    rollout: null,
    ...differs,
  };
}

function machine(hostname: string, state: MachineState = 'running', group = 0): FinalMachine {
  return { hostname, state, group };
}

const ALL_WELL = '3 of 3 nodes Ready, 3 of 3 control planes serve.';
const DEAD = '2 of 3 nodes Ready, 2 of 3 control planes serve; n1 is dead: bring it back';

interface Row {
  readonly when: string;
  readonly differs: Partial<FinalFacts>;
  readonly verdict: Verdict;
}

test.each<Row>([
  {
    when: 'nothing is missing',
    differs: {},
    verdict: { ending: 'whole', reasons: [ALL_WELL], cures: [] },
  },
  {
    when: 'an upgrade has not ended',
    differs: {
      wantedVersion: 'v1.35.1',
      behind: ['n2', 'n3'],
      rollout: 'upgrade-v1-35-1-57 is running, 4 of 9 steps',
    },
    verdict: {
      ending: 'degraded',
      reasons: [
        'v1.35.1 is asked for, and not yet on n2 and n3: upgrade-v1-35-1-57 is running, 4 of 9 steps.',
      ],
      cures: ['Simulate for longer (--for) to see whether the rollout ends.'],
    },
  },
  {
    when: 'an upgrade was never begun',
    differs: { wantedVersion: 'v1.35.1', behind: ['n3'] },
    verdict: {
      ending: 'degraded',
      reasons: ['v1.35.1 is asked for, and not yet on n3: no rollout is under way.'],
      cures: [],
    },
  },
  {
    when: 'one control plane is lost and found dead',
    differs: {
      machines: [machine('n1', 'lost'), machine('n2'), machine('n3')],
      isWhole: false,
      summary: DEAD,
    },
    verdict: {
      ending: 'degraded',
      reasons: [`${DEAD}.`],
      cures: ['Start another machine with the same token in the place of n1.'],
    },
  },
  {
    when: 'one is lost, and a worker has its place',
    differs: {
      machines: [machine('n1', 'lost'), machine('n2'), machine('n3'), machine('n4')],
      controlPlanes: ['n2', 'n3', 'n4'],
      replaced: ['n1'],
    },
    verdict: {
      ending: 'whole',
      reasons: [ALL_WELL, 'n1 is gone, and others do its work.'],
      cures: [],
    },
  },
  {
    when: 'one control plane went off a moment ago',
    differs: { machines: [machine('n1', 'off'), machine('n2'), machine('n3')] },
    verdict: {
      ending: 'degraded',
      reasons: ['n1 is gone, which the log does not know yet.'],
      cures: ['Switch n1 on again, or start another machine with the same token in its place.'],
    },
  },
  {
    when: 'the network is cut and a quorum is on one side',
    differs: {
      machines: [machine('n1'), machine('n2', 'running', 1), machine('n3', 'running', 1)],
      isWhole: false,
      summary: DEAD,
    },
    verdict: {
      ending: 'degraded',
      reasons: [`${DEAD}.`, 'The network is still cut between n1 | n2 and n3.'],
      cures: [],
    },
  },
  {
    when: 'the log is about to elect a leader, and API servers are about to start',
    differs: { logWorks: false, apiWorks: false },
    verdict: {
      ending: 'degraded',
      reasons: [
        'The replicas of the log are enough, and have not elected a leader yet.',
        'No API server is ready.',
      ],
      cures: [],
    },
  },
  {
    when: 'two of three are off',
    differs: { machines: [machine('n1', 'off'), machine('n2', 'off'), machine('n3')] },
    verdict: {
      ending: 'frozen',
      reasons: [
        'The log has 1 of 3 replicas together, and needs 2 (switched off: n1 and n2).',
        'etcd has 1 of 3 members together, and needs 2 (switched off: n1 and n2).',
      ],
      cures: [
        'The log goes on once 1 more return: switch on n1 or n2.',
        'etcd goes on once 1 more return: switch on n1 or n2.',
      ],
    },
  },
  {
    when: 'one is lost and one is out of reach, and etcd has one member elsewhere',
    differs: {
      machines: [machine('n1', 'lost'), machine('n2', 'running', 1), machine('n3')],
      etcdVoters: ['n3'],
    },
    verdict: {
      ending: 'frozen',
      reasons: [
        'The log has 1 of 3 replicas together, and needs 2 (lost with their disks: n1; out of reach: n3).',
      ],
      cures: ['The log goes on once 1 more return: heal the network to n3.'],
    },
  },
  {
    when: 'two of three are lost with their disks',
    differs: { machines: [machine('n1', 'lost'), machine('n2', 'lost'), machine('n3')] },
    verdict: {
      ending: 'lost',
      reasons: [
        'The log has 1 of 3 replicas together, and needs 2 (lost with their disks: n1 and n2).',
        'etcd has 1 of 3 members together, and needs 2 (lost with their disks: n1 and n2).',
      ],
      cures: [
        'The log needs more than can return, and this release recovers no lost quorum: form a new cluster.',
        'etcd needs more than can return, and this release recovers no lost quorum: form a new cluster.',
      ],
    },
  },
  {
    when: 'the only control plane is lost',
    differs: {
      machines: [machine('n1', 'lost'), machine('n2'), machine('n3')],
      etcdVoters: ['n1'],
    },
    verdict: {
      ending: 'lost',
      reasons: ['etcd has 0 of 1 members together, and needs 1 (lost with their disks: n1).'],
      cures: [
        'etcd needs more than can return, and this release recovers no lost quorum: form a new cluster.',
      ],
    },
  },
  {
    when: 'no cluster was founded',
    differs: {
      logReplicas: null,
      etcdVoters: null,
      waiting: 'Waiting for 2 more of 5 nodes: start civitas on them.',
    },
    verdict: {
      ending: 'frozen',
      reasons: ['No cluster was founded: Waiting for 2 more of 5 nodes: start civitas on them.'],
      cures: [],
    },
  },
])('the verdict when $when', ({ differs, verdict }) => {
  expect(judge(facts(differs))).toEqual(verdict);
});
