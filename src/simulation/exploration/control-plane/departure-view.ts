import type { Departing, NodeSight, Observed } from '../../../controllers/departure/observed.ts';
import type { EtcdHealth } from '../../../ports/etcd.ts';
import { CONTROL_PLANE_LABELS, CONTROL_PLANE_TAINT } from '../../../state/control-plane-marks.ts';
import { isHealthyVoter } from './cluster.ts';
import { departureEntries, hostnameOf, INCARNATION, machineOf } from './entries.ts';
import { wellStatus } from './etcd-status.ts';
import { nodeIdAt, specific } from './names.ts';
import { hasKubelet, isUp, type Place } from './place.ts';

/** What the next step of a departure is made from. Nodes by index. */
export interface DepartureQuestion {
  readonly all: readonly Place[];
  readonly formers: readonly number[];
  readonly index: number;
  readonly sponsor: number;
}

const LONG_MS = 3_600_000;
const OUT_OF_SERVICE = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
} as const;

/** What the sponsor sees; undefined where nobody is asked to leave. */
export function departureView(question: DepartureQuestion): Observed | undefined {
  const { all, formers, index, sponsor } = question;
  const of = departingOf(question);
  if (!of) return undefined;
  const others = all.map((_, other) => other).filter((other) => other !== index);
  const successor = others.find((other) => {
    const sharesMachine = machineOf(formers, other) === machineOf(formers, index);
    return sharesMachine && !isSpare(all[other]);
  });
  const [entry] = departureEntries(all[index] as Place, of.nodeId, nodeIdAt(sponsor));
  return {
    nodeId: nodeIdAt(sponsor),
    addresses: [addressOf(machineOf(formers, sponsor))],
    wallMs: 0,
    drainTimeoutMs: 0,
    keeps: { emptyDir: false, bare: false },
    mayNotActYet: false,
    departures: [
      {
        of,
        entry,
        isRecalled: false,
        successor: successor === undefined ? undefined : nodeIdAt(successor),
        elsewhere: others.map((other) => addressOf(machineOf(formers, other))),
        drainingForMs: LONG_MS,
        outOfServiceForMs: LONG_MS,
        cluster: { health: healthOf(question), node: nodeOf(question, of) },
      },
    ],
    withdrawn: [],
  };
}

function departingOf({ all, formers, index }: DepartureQuestion): Departing | undefined {
  const { asked, recorded, verdict } = all[index] ?? {};
  if (asked?.task !== 'retire' && asked?.task !== 'demote') return undefined;
  const nodeId = nodeIdAt(index);
  return {
    nodeId,
    incarnation: INCARNATION,
    operationId: specific(asked.name, nodeId),
    task: asked.task,
    hostname: hostnameOf(formers, index),
    addresses: [addressOf(machineOf(formers, index))],
    life: verdict === 'alive' || verdict === 'dead' ? verdict : 'unknown',
    // A Node is Ready for no moment longer than its kubelet runs, so nobody has to watch its lease.
    wiped: false,
    hasBegun: recorded?.name === asked.name,
  };
}

/** Of etcd as a whole, whatever part of it runs. */
export function healthOf({ all, formers, sponsor }: DepartureQuestion): EtcdHealth {
  const members = all.flatMap((place, index) => {
    if (place.member === 'none') return [];
    const id = memberId(index);
    return [
      {
        id,
        name: hostnameOf(formers, index),
        peerUrls: [`https://${addressOf(machineOf(formers, index))}:2380`],
        learner: place.member === 'learner',
        status: isHealthyVoter(place) ? wellStatus(id, memberId(sponsor)) : undefined,
      },
    ];
  });
  return { members, alarms: [] };
}

/** Empty of pods, cordoned, and out of service as soon as anybody wants it to be. */
function nodeOf({ all, index }: DepartureQuestion, { hostname, life }: Departing) {
  const place = all[index];
  if (!place || place.node === 'none') return undefined;
  const ready = isUp(place) && hasKubelet(place);
  const isMarked = place.node === 'marked';
  return {
    node: { name: hostname, uid: hostname, ready },
    marks: {
      unschedulable: true,
      taints: [
        ...(isMarked ? [CONTROL_PLANE_TAINT] : []),
        ...(life === 'dead' ? [OUT_OF_SERVICE] : []),
      ],
      labels: isMarked ? CONTROL_PLANE_LABELS : {},
    },
    pods: [],
    budgets: [],
    attachments: [],
    beat: life === 'dead' && ready ? 'its Node is Ready' : undefined,
  } satisfies NodeSight;
}

function isSpare(place: Place | undefined): boolean {
  const task = place?.asked?.task;
  return task === undefined || task === 'stand-by' || task === 'retire';
}

export function memberId(index: number): string {
  return `m${index}`;
}

function addressOf(machine: number): string {
  return `192.0.2.${machine + 1}`;
}
