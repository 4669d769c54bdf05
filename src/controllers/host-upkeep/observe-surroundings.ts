import type { Ports } from '../../ports/index.ts';
import { SINGLETON } from '../../state/kinds.ts';
import type { Order } from '../../state/order.ts';
import type { ApiServerSight, Sight } from './observed.ts';

type Surroundings = Pick<
  Sight,
  'isDrained' | 'sponsor' | 'apiServers' | 'ignorePreflightErrors' | 'imageRepository'
>;

/** What the log says that an order on this host depends on. */
export function observeSurroundings(ports: Ports, order: Order): Surroundings {
  const kubeadm = ports.store.get('spec', SINGLETON)?.value.kubeadm;
  return {
    isDrained: isDrained(ports, order),
    sponsor: nameOf(ports, order.sponsor),
    apiServers: apiServers(ports),
    ignorePreflightErrors: kubeadm?.ignorePreflightErrors ?? [],
    imageRepository: imageRepositoryOf(ports),
  };
}

/** Undefined: kubeadm's own place. */
export function imageRepositoryOf({ store }: Pick<Ports, 'store'>): string | undefined {
  const kubeadm = store.get('spec', SINGLETON)?.value.kubeadm;
  const repository = kubeadm?.clusterConfiguration['imageRepository'];
  return typeof repository === 'string' ? repository : undefined;
}

function nameOf({ store }: Ports, sponsor: Order['sponsor']): string {
  if (sponsor === null) return 'a control plane';
  return store.get('node', sponsor)?.value.hostname ?? sponsor;
}

function isDrained({ store }: Ports, { nodeId, incarnation, operationId, drains }: Order): boolean {
  if (!drains) return true;
  const drain = store.get('drain', nodeId)?.value;
  if (drain?.operationId !== operationId || drain.incarnation !== incarnation) return false;
  return drain.state === 'drained';
}

function apiServers({ store }: Ports): readonly ApiServerSight[] {
  const controlPlanes = store
    .list('assignment')
    .filter(({ value }) => value.role === 'control-plane');
  return controlPlanes.map(({ key }) => ({
    hostname: store.get('node', key)?.value.hostname ?? key,
    version: store.get('upkeep', key)?.value.parts.apiServer ?? null,
  }));
}
