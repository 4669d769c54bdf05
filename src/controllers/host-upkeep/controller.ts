import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepObeyedTerm } from '../../runtime/obeyed-term.ts';
import { restartKubeProxy } from '../../runtime/restart-kube-proxy.ts';
import { wantedRelease } from '../../runtime/wanted-release.ts';
import { UNSYNCED_PATHS } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { COMMAND_TIMEOUT_SECONDS } from './commands.ts';
import { decide } from './decide.ts';
import { JOB_FILE } from './job.ts';
import { type Memory, NO_LOOKS } from './memory.ts';
import { observe } from './observe.ts';
import { OBEYED_ORDER_TERM } from './observe-order.ts';
import type { Observed } from './observed.ts';
import { writeConfigMaps } from './reconfigure/config-maps.ts';
import { stripGates } from './strip-gates.ts';
import { swapStaticPods, writeRenderConfig } from './swap-ahead.ts';
import { mendFiles, putFilesBack, saveFiles } from './upgrade-files.ts';

interface Options {
  /** Of the log as it is now; 1 where it was never founded anew. */
  readonly epoch?: () => number;
}

const FIRST_EPOCH = 1;

/**
 * Tells what a node that serves runs, and carries out the orders for its host: programs and images of a
 * release, its control plane, its kubelet. Proven by what runs, put back as it was where that proof does
 * not come, and gone on with after any crash. A node that stands by is kept ready for the release in force.
 */
export function createHostUpkeep({
  epoch = () => FIRST_EPOCH,
}: Options = {}): Controller<Observed, Action> {
  const memory: Memory = {
    sightings: new Map(),
    looks: NO_LOOKS,
    images: { seen: '', synced: '' },
  };
  return {
    name: 'host-upkeep',
    scope: 'node',
    inputs: ['order', 'drain', 'status', 'assignment', 'release', 'request'],
    outputs: ['upkeep'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, epoch(), memory),
    decide,
    act: (action, ports) => act(action, ports, { epoch: epoch(), memory }),
  };
}

interface Context {
  readonly epoch: number;
  readonly memory: Memory;
}

async function act(action: Action, ports: Ports, { epoch, memory }: Context): Promise<void> {
  const { durable, etcd, files, host, operations, releases, store } = ports;
  switch (action.type) {
    case 'obey':
      return keepObeyedTerm(durable, OBEYED_ORDER_TERM, { epoch, term: action.term });
    case 'report':
      await store.put('upkeep', action.upkeep.nodeId, action.upkeep, action.ifRevision);
      return;
    case 'keep-job':
      return durable.write(JOB_FILE, action.job);
    case 'obtain-release':
      return releases.obtain(wantedRelease(ports, action.kubernetesVersion));
    case 'save-files':
      return saveFiles(files);
    case 'mend-files':
      return mendFiles(files, action.paths);
    case 'move-etcd-leader':
      // Where etcd refuses it finds another leader by itself, only later.
      await etcd.moveLeader(action.toId);
      return;
    case 'start-command':
      return operations.start(action.name, action.argv, COMMAND_TIMEOUT_SECONDS);
    case 'forget-command':
      return operations.forget(action.name);
    case 'strip-gates':
      return stripGates(action.kubernetesVersion, ports);
    case 'write-render-config':
      return writeRenderConfig(action.kubernetesVersion, ports);
    case 'swap-static-pods':
      return swapStaticPods(ports);
    case 'remove-tree':
      return files.removeTree(action.path);
    case 'link-kubernetes':
      return host.linkKubernetes(action.kubernetesVersion);
    case 'stop-static-pods':
      return host.stopStaticPods();
    case 'restart-kubelet':
      return host.restartKubelet();
    case 'write-config-maps':
      return writeConfigMaps(ports, action.kubernetesVersion);
    case 'restart-kube-proxy':
      return restartKubeProxy(ports);
    case 'put-files-back':
      return putFilesBack(files, action.task);
    case 'sync-files':
      await files.sync(UNSYNCED_PATHS);
      memory.images = { ...memory.images, synced: memory.images.seen };
      return;
  }
}
