import { type FaultRow, fault, lab, none, simulated, test } from './fault-row.ts';

const UPGRADED = { mode: 'whole', nodes: 3, upgradeTo: 'v1.35.1' } as const;
const KUBELETS = 'simulation/whole-cluster/silent-kubelets';

/** Faults 63 to 73: Kubernetes, etcd, and machines that are lost for good. */
export const clusterRows: readonly FaultRow[] = [
  {
    number: 63,
    fault: 'A kubelet hangs on a machine that lives',
    invariants: ['S20'],
    cases: [
      test(KUBELETS, 'while its kubelet says nothing for ten minutes, and is missed: a %s'),
      none('No agent restarts a kubelet that hangs: `civitas status` names its machine.'),
    ],
  },
  {
    number: 64,
    fault: 'An API server that refuses, fails or hangs',
    invariants: ['S5', 'L12'],
    cases: [test('adapters/kubernetes-client', 'an API server that says $status: $code')],
  },
  {
    number: 65,
    fault: 'The API says that a node is gone, its agent says that it is there',
    invariants: ['S20'],
    cases: [
      test(
        KUBELETS,
        'although somebody deleted its Node, which is there again once its kubelet was started anew for that',
      ),
      test(KUBELETS, 'is not replaced while its agent is gone for ten minutes: a %s'),
      test('controllers/departure/decide-retire', 'dead, with a kubelet that beats: stays'),
    ],
  },
  {
    number: 66,
    fault: 'A drain that a budget or a finalizer blocks',
    invariants: ['S6', 'S21'],
    cases: [
      test('simulation/whole-cluster/blocked-drain', 'stays with its pods, says why, and leaves'),
      test('controllers/departure/leave', 'is not even cordoned while a budget can never let'),
      test('controllers/departure/leave', 'stays, and says why, when its time is over'),
      test('controllers/departure/decide-retire', 'alive: pods on their way are waited for'),
      test('simulation/whole-cluster/survey', 'is named before any node is touched'),
      test('controllers/drain/drain', 'is not even cordoned while a budget can never let its pods'),
      test('controllers/drain/drain', 'stays as it is, and says which pods and which budget, when'),
      test(
        'simulation/whole-cluster/upgrade-people',
        'cancel it while a budget lets the pods of a node not go: it takes pods again',
      ),
      test('controllers/drain/recall-crash', 'dies at any action while it lets a node off'),
      none('Simulated pods have no finalizers: to a drain they are pods on their way.'),
    ],
  },
  {
    number: 67,
    fault: 'etcd loses its quorum',
    invariants: ['S5', 'S11', 'S26'],
    cases: [
      simulated('two of three control planes are off, and nothing is changed', {
        mode: 'safety',
        nodes: 5,
        faults: [fault('power-cut', [60, 120], ['n1', 'n2', 'n3'])],
      }),
      simulated('for half a minute of an upgrade, which goes on afterwards', {
        ...UPGRADED,
        faults: [fault('power-cut', [100, 30], ['n1', 'n2'])],
      }),
      test('controllers/survey/survey', 'a voter of etcd that does not answer, without a snapshot'),
      test('simulation/power-and-network', 'has no API and changes nothing when two of three'),
    ],
  },
  {
    number: 68,
    fault: 'etcd has no space left',
    invariants: ['S5'],
    cases: [
      test('simulation/etcd-members', 'with NOSPACE takes no writes'),
      test('controllers/survey/survey', 'an alarm of etcd'),
    ],
  },
  {
    number: 69,
    fault: 'All machines are rebooted at once',
    invariants: ['S13', 'L8'],
    cases: [
      simulated('the same cluster, and nothing done to it', {
        mode: 'whole',
        nodes: 5,
        faults: [fault('all-power-cut', [80, 5], [])],
      }),
      simulated('in the middle of an upgrade, which goes on', {
        ...UPGRADED,
        faults: [fault('all-power-cut', [100, 5], [])],
      }),
      test('simulation/whole-cluster/power', 'is the same cluster when they are back'),
    ],
  },
  {
    number: 70,
    fault: 'A control plane dies for good while another is upgraded',
    invariants: ['S6', 'S20'],
    cases: [
      test(
        'simulation/whole-cluster/upgrade-power',
        'a control plane dies for good: another node takes its place, and the upgrade goes on',
      ),
      test(
        'controllers/upkeep/deaths',
        'while another one is done: its order does not stand in the way of the replacement',
      ),
      test('controllers/upkeep/deaths', 'gives its order up after the grace, and nobody else'),
    ],
  },
  {
    number: 71,
    fault: 'Two control planes of five die within ten seconds',
    invariants: ['S5', 'S20'],
    cases: [
      test('simulation/whole-cluster/replacement', 'five are five again, with the two workers'),
      lab('self-healing/two-of-five', 'are five again, with the two workers'),
      test('simulation/whole-cluster/lost-holders', 'nobody is replaced until one is back'),
      none('The log has three replicas: the first case is for two of which at most one holds one.'),
    ],
  },
  {
    number: 72,
    fault: 'There is nobody to promote',
    invariants: ['S26', 'L12'],
    cases: [
      simulated('one of three control planes is off, and there is no worker: nothing is done', {
        mode: 'safety',
        nodes: 3,
        faults: [fault('power-cut', [60, 120], ['n1'])],
      }),
    ],
  },
  {
    number: 73,
    fault: 'A machine dies while it is promoted, or the promotion fails',
    invariants: ['S5', 'S21', 'L6'],
    cases: [
      test('simulation/whole-cluster/lost-heir', 'leaves nothing behind, and the next one takes'),
      test('controllers/kubeadm/role-change', 'goes on after its power failed at $phase'),
      test(
        'simulation/whole-cluster/failed-promotion',
        'is drained as its budget allows, reset, and joins anew, and nobody else is tried',
      ),
      test(
        'simulation/whole-cluster/failed-promotion',
        'keeps its pods while no budget lets them go, says why, and goes on once one does',
      ),
    ],
  },
];
