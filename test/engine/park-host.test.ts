import { describe, expect, test } from '@jest/globals';
import { parkHost } from '../../src/engine/park-host.ts';
import { RetryableError } from '../../src/errors.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { Role } from '../../src/state/assignment.ts';
import { logName } from '../../src/state/genesis-record.ts';
import type { LogRecord } from '../../src/state/log-copy.ts';
import { createMemoryDurable } from '../formation/memory-durable.ts';
import { simulatedBench } from '../simulation/simulated-bench.ts';
import { genesisRecord } from '../support/genesis-record.ts';
import { silentLog } from '../support/silent-log.ts';

const NODE = 'aaaaaaaaaaa';
const RECORD = genesisRecord();
const MANIFESTS = '/etc/kubernetes/manifests';
const NAMES = ['etcd.yaml', 'kube-apiserver.yaml'];
const MARKER = {
  clusterId: RECORD.clusterId,
  nodeId: NODE,
  incarnation: 1,
  operationId: 'join-control-plane-1',
};

interface Machine {
  /** Roles by node, as the copy of the log on its disk has them. */
  readonly roles?: Readonly<Record<string, Role>>;
  readonly records?: readonly LogRecord[];
  readonly marker?: unknown;
  readonly isWorker?: boolean;
  readonly hasKubelet?: boolean;
  readonly kubeletRuns?: boolean;
}

const THREE: Readonly<Record<string, Role>> = {
  [NODE]: 'control-plane',
  bbbbbbbbbbb: 'control-plane',
  ccccccccccc: 'worker',
};

/** A host with the manifests of a control plane, right after a boot. */
async function machine(given: Machine) {
  const { roles = THREE, records = [], marker = MARKER, isWorker = false } = given;
  const { hasKubelet = true } = given;
  const { files } = simulatedBench({ hosts: 1 }).host(0).ports;
  if (hasKubelet) await files.write('/etc/kubernetes/kubelet.conf', 'x', 0o600);
  for (const name of [...(isWorker ? [] : NAMES), 'registry-mirror.yaml']) {
    await files.write(`${MANIFESTS}/${name}`, name, 0o600);
  }
  await files.write('/etc/kubernetes/civitas.json', JSON.stringify(marker), 0o600);
  const durable = createMemoryDurable();
  await durable.write('formed', RECORD);
  const entries = [...Object.entries(roles).map(assignmentOf), ...records];
  await durable.write('log-copy', { version: 1, log: logName(RECORD), records: entries });
  const ports = {
    clock: simulatedBench({ hosts: 1 }).clock,
    durable,
    files,
    host: { kubeletRunsForMs: async () => (given.kubeletRuns ? 5_000 : undefined) },
    log: silentLog,
  };
  return { files, ports };
}

function assignmentOf([nodeId, role]: readonly [string, Role], index: number): LogRecord {
  const task = role === 'worker' ? 'join-worker' : 'join-control-plane';
  const value = {
    nodeId,
    incarnation: 1,
    term: 1,
    operationId: `${task}-${index}`,
    role,
    task,
    sponsor: null,
    kubernetesVersion: 'v1.34.4',
  };
  return { path: `assignment.${nodeId}`, revision: index + 1, text: JSON.stringify(value) };
}

async function listed(files: Ports['files']) {
  return {
    kubeletConf: await files.read('/etc/kubernetes/kubelet.conf'),
    manifests: await files.list(MANIFESTS),
    parked: await files.list('/etc/kubernetes/civitas-parked'),
  };
}

const SERVES = {
  kubeletConf: 'x',
  manifests: [...NAMES, 'registry-mirror.yaml'],
  parked: [],
};
const PARKED = {
  kubeletConf: undefined,
  manifests: ['registry-mirror.yaml'],
  parked: [...NAMES, 'kubelet.conf'],
};

describe('parkHost', () => {
  test.each<{ readonly when: string; readonly given: Machine; readonly leaves: unknown }>([
    { when: 'others could have deposed it', given: {}, leaves: PARKED },
    {
      when: 'its own copy says already that it was deposed',
      given: { roles: { ...THREE, [NODE]: 'spare' } },
      leaves: PARKED,
    },
    {
      when: 'it is the only control plane',
      given: { roles: { ...THREE, bbbbbbbbbbb: 'worker' } },
      leaves: SERVES,
    },
    { when: 'it knows nothing of the log', given: { roles: {} }, leaves: SERVES },
    {
      when: 'the log holds what this version can not read, and so would never give them back',
      given: { records: [{ path: 'omen.x', revision: 9, text: '{}' }] },
      leaves: SERVES,
    },
    { when: 'the kubelet runs already', given: { kubeletRuns: true }, leaves: SERVES },
    {
      when: 'it is a worker',
      given: { isWorker: true },
      leaves: {
        kubeletConf: undefined,
        manifests: ['registry-mirror.yaml'],
        parked: ['kubelet.conf'],
      },
    },
    {
      when: 'its kubelet never got credentials',
      given: { hasKubelet: false },
      leaves: { ...PARKED, parked: NAMES },
    },
    {
      when: 'another cluster put them there',
      given: { marker: { ...MARKER, clusterId: '5d1f0a4e-98f0-4f7c-8ad5-2b2f6d8f1a11' } },
      leaves: SERVES,
    },
    { when: 'nobody says who put them there', given: { marker: {} }, leaves: SERVES },
  ])('when $when', async ({ given, leaves }) => {
    const { files, ports } = await machine(given);
    await parkHost(ports);
    expect(await listed(files)).toEqual(leaves);
  });

  test('leaves them alone at later starts of the agent', async () => {
    const { files, ports } = await machine({});
    await parkHost(ports);
    for (const name of NAMES) {
      await files.move(`/etc/kubernetes/civitas-parked/${name}`, `${MANIFESTS}/${name}`);
    }
    await files.move('/etc/kubernetes/civitas-parked/kubelet.conf', '/etc/kubernetes/kubelet.conf');
    await parkHost(ports);
    expect(await listed(files)).toEqual(SERVES);
  });

  test('parks what a start that was cut off left', async () => {
    const { files, ports } = await machine({});
    await files.move(`${MANIFESTS}/etcd.yaml`, '/etc/kubernetes/civitas-parked/etcd.yaml');
    await parkHost(ports);
    expect(await listed(files)).toEqual(PARKED);
  });

  test('tells what it can not do, and lets the agent start', async () => {
    const { ports } = await machine({});
    const told: unknown[] = [];
    const files = {
      ...ports.files,
      move: async () => {
        throw new RetryableError('files.failed', 'the disk is read-only');
      },
    };
    const log = { ...silentLog, warn: ({ event }: { event: string }) => told.push(event) };
    await parkHost({ ...ports, files, log });
    expect(told).toEqual(['boot.not-parked']);
  });
});
