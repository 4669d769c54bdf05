import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { restartKubeProxy } from '../../runtime/restart-kube-proxy.ts';
import { KUBELET_FLAGS_FILE } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { makeLeaves } from './make-leaves.ts';
import { type Memory, NO_MEMORY } from './memory.ts';
import { commandName, PROXY_BEHIND } from './move.ts';
import { observe } from './observe.ts';
import type { Observed } from './observed.ts';
import { readdress } from './readdress.ts';

const FLAGS_MODE = 0o644;

/**
 * Keeps the address that a kubelet reports, and that a control plane serves at, one that its host has.
 * One per process: an agent has the same addresses for as long as it runs.
 */
export function createNodeAddress(clusterId: string): Controller<Observed, Action> {
  const memory: Memory = { ...NO_MEMORY };
  return {
    name: 'node-address',
    scope: 'node',
    inputs: [],
    outputs: ['event'],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, memory),
    decide,
    act: (action, ports) => act(action, ports, clusterId),
  };
}

async function act(action: Action, ports: Ports, clusterId: string): Promise<void> {
  const { durable, files, host, operations } = ports;
  switch (action.type) {
    case 'write-flags':
      await durable.write(PROXY_BEHIND, {});
      return files.write(KUBELET_FLAGS_FILE, action.content, FLAGS_MODE);
    case 'restart-kubelet':
      return host.restartKubelet();
    case 'restart-kube-proxy':
      await restartKubeProxy(ports);
      return durable.remove(PROXY_BEHIND);
    case 'make-leaves':
      return makeLeaves({ ...action, clusterId }, ports);
    case 'forget-command':
      return operations.forget(commandName(action.address));
    case 'readdress': {
      const { nodeId, record } = ports.self;
      const about = { nodeId, hostname: record.hostname };
      const decided = { controller: 'node-address', term: null, about, operationId: null };
      const { reasons } = action;
      return keepEvent(ports, { ...decided, reasons }, () => readdress(action, ports));
    }
  }
}
