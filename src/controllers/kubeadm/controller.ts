import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepObeyedTerm } from '../../runtime/obeyed-term.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import { UNSYNCED_PATHS } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { balanceKubelet } from './balance-kubelet.ts';
import { COMMAND_TIMEOUT_SECONDS } from './command.ts';
import { decide } from './decide.ts';
import { ofRelease } from './kubeadm-program.ts';
import { leaveEtcd } from './leave-etcd.ts';
import { type LogIdentity, type Memory, OBEYED_TERM, observe } from './observe.ts';
import type { Observed } from './observed.ts';
import { restoreBootstrap } from './restore-bootstrap.ts';
import { writeFiles } from './write-files.ts';

interface Options {
  readonly clusterId: string;
  /** Of the log as it is now; 1 where it was never founded anew. */
  readonly epoch?: () => number;
}

const FIRST_EPOCH = 1;

/**
 * Brings this host to its assignment: prepared, then a Kubernetes node by `kubeadm init` or `join`,
 * each at most once per attempt and proven by what it left, never by its exit code. A node that
 * serves changes its role under its pods, or leaves Kubernetes once the cluster let go of it.
 */
export function createKubeadmController(options: Options): Controller<Observed, Action> {
  const { clusterId, epoch = () => FIRST_EPOCH } = options;
  const memory: Memory = { sightings: new Map() };
  const log = (): LogIdentity => ({ clusterId, epoch: epoch() });
  return {
    name: 'kubeadm',
    scope: 'node',
    inputs: ['spec', 'assignment', 'handover', 'departure'],
    outputs: ['operation', 'status'],
    settledLookMs: 30_000,
    observe: (ports) => observe(ports, log(), memory),
    decide,
    act: (action, ports) => act(action, ports, { log: log(), memory }),
  };
}

interface Context {
  readonly log: LogIdentity;
  readonly memory: Memory;
}

async function act(action: Action, ports: Ports, { log, memory }: Context): Promise<void> {
  const { durable, files, host, operations, podNetwork, releases, store } = ports;
  switch (action.type) {
    case 'obey':
      return keepObeyedTerm(durable, OBEYED_TERM, { epoch: log.epoch, term: action.term });
    case 'report':
      await store.put('status', action.status.nodeId, action.status, action.ifRevision);
      return;
    case 'record': {
      const { operation, ifRevision } = action;
      await store.put('operation', operation.operationId, operation, ifRevision);
      return;
    }
    case 'prepare-host':
      return prepareHost(action, ports);
    case 'obtain-release':
      return releases.obtain(wantedRelease(ports, action.kubernetesVersion));
    case 'write-files':
      return writeFiles(action.assignment, log.clusterId, ports);
    case 'announce-command':
      return operations.announce(action.name);
    case 'start-command':
      return operations.start(
        action.name,
        await ofRelease(action.argv, ports),
        COMMAND_TIMEOUT_SECONDS,
      );
    case 'sync-files':
      return files.sync(UNSYNCED_PATHS);
    case 'restart-kubelet':
      // Remembered first: one that fails is not worth another, as the kubelet asks by itself.
      memory.kubeletRestartedFor = action.command;
      return host.restartKubelet();
    case 'restore-bootstrap':
      return restoreBootstrap(files);
    case 'leave-etcd':
      return leaveEtcd(ports);
    case 'forget-command':
      return operations.forget(action.name);
    case 'remove-files':
      for (const path of action.paths) await files.remove(path);
      return;
    case 'remove-trees':
      for (const path of action.paths) await files.removeTree(path);
      return;
    case 'balance-kubelet':
      return balanceKubelet(ports);
    case 'clear-pod-network':
      return podNetwork.clear();
  }
}

async function prepareHost(
  { kubernetesVersion, kubeletVersion }: Extract<Action, { readonly type: 'prepare-host' }>,
  { host }: Ports,
): Promise<void> {
  for (const { name, state } of await host.check(kubernetesVersion, kubeletVersion)) {
    if (state === 'can-prepare') await host.prepare(name, kubernetesVersion, kubeletVersion);
  }
}
