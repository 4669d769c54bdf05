import type { Ports } from '../../ports/index.ts';
import type { Controller } from '../../runtime/controller.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { isSettledCopy } from '../../state/settled-copy.ts';
import { type Action, decide, type Observed } from './decide.ts';

/** The pod network of plugin host-gateway: this node's CNI configuration and a route to each other node. */
export const routes: Controller<Observed, Action> = {
  name: 'routes',
  scope: 'node',
  inputs: ['spec', 'node', 'status'],
  outputs: [],
  settledLookMs: 60_000,

  async observe({ leases, podNetwork, self, store }) {
    const host = await podNetwork.observe();
    const enrolled = store.get('node', self.nodeId) !== undefined;
    return {
      self: self.nodeId,
      settled: isSettledCopy(leases.sinceLogFailoverMs(), enrolled),
      network: store.get('spec', SINGLETON)?.value.network,
      nodes: store.list('node').map(({ value }) => value),
      statuses: store.list('status').map(({ value }) => value),
      host,
    };
  },

  decide,
  act,
};

function act(action: Action, { podNetwork }: Ports): Promise<void> {
  switch (action.type) {
    case 'install-cni':
      return podNetwork.installCni(action.podCidr);
    case 'masquerade':
      return podNetwork.masquerade(action.podSubnet);
    case 'add-route':
      return podNetwork.addRoute(action.route);
    case 'remove-route':
      return podNetwork.removeRoute(action.route);
  }
}
