import { CivitasError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { KUBELET_FLAGS_FILE, MANIFESTS_FOLDER } from '../../state/kubernetes-paths.ts';
import { type Action, decide, type Observed } from './decide.ts';

const FLAGS_MODE = 0o644;
const API_SERVER_MANIFEST = 'kube-apiserver.yaml';
/** A kubelet that was just started has not told its address yet. */
const REGISTERED_AFTER_MS = 60_000;

/**
 * Keeps the address that a kubelet reports one that its host has. One per process: an agent has the same
 * addresses for as long as it runs.
 */
export function createNodeAddress(): Controller<Observed, Action> {
  const memory = { isRegistered: false };
  return {
    name: 'node-address',
    scope: 'node',
    inputs: [],
    outputs: [],
    settledLookMs: 60_000,

    async observe(ports) {
      const { files, self } = ports;
      const serves = isServing(ports);
      const registered = serves && !memory.isRegistered ? await registeredAt(ports) : undefined;
      if (registered !== undefined && self.record.addresses.includes(registered)) {
        memory.isRegistered = true;
      }
      const manifests = await files.list(MANIFESTS_FOLDER);
      return {
        serves,
        addresses: self.record.addresses,
        hostsControlPlane: manifests.includes(API_SERVER_MANIFEST),
        kubeletFlags: await files.read(KUBELET_FLAGS_FILE),
        registered,
      };
    },

    decide,

    async act(action, { files, host }) {
      switch (action.type) {
        case 'write-flags':
          return files.write(KUBELET_FLAGS_FILE, action.content, FLAGS_MODE);
        case 'restart-kubelet':
          return host.restartKubelet();
      }
    },
  };
}

function isServing({ self, store }: Ports): boolean {
  const status = store.get('status', self.nodeId)?.value;
  return status?.incarnation === self.incarnation && status.phase === 'serving';
}

async function registeredAt({ host, kube, self }: Ports): Promise<string | undefined> {
  const runsForMs = await host.kubeletRunsForMs();
  if (runsForMs === undefined || runsForMs < REGISTERED_AFTER_MS) return undefined;
  try {
    const node = await kube.ownNode(self.record.hostname);
    return node?.internalIp ?? undefined;
  } catch (error) {
    if (error instanceof CivitasError && error.code.startsWith('kube.')) return undefined;
    throw error;
  }
}
