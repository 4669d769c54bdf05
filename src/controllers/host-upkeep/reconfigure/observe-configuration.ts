import type { Ports } from '../../../ports/index.ts';
import { configurationDigest } from '../../../state/configuration-digest.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import type { Order } from '../../../state/order.ts';
import { sameValue } from '../../../state/same-value.ts';
import type { Sight } from '../observed.ts';
import { observeConfigMaps } from './config-maps.ts';
import { kubeadmBehind } from './installed-digest.ts';

interface Question {
  readonly order: Order;
  readonly isUntouched: boolean;
  readonly isControlPlane: boolean;
  /** What the host was brought to, as far as anybody knows. */
  readonly present: string | undefined;
}

/** What an order to reconfigure goes by; nothing for any other. */
export async function observeConfiguration(
  ports: Ports,
  { order, isUntouched, isControlPlane, present }: Question,
): Promise<Pick<Sight, 'configuration'>> {
  const spec = ports.store.get('spec', SINGLETON)?.value;
  if (order.task !== 'reconfigure' || !spec) return {};
  const role = isControlPlane ? 'control-plane' : 'worker';
  const asks = isControlPlane && isUntouched;
  const configMaps = asks ? await observeConfigMaps(ports, order.kubernetesVersion) : 'not-asked';
  const former = kubeadmBehind(ports, present, role);
  const isSameCluster = sameValue(former?.clusterConfiguration, spec.kubeadm.clusterConfiguration);
  return {
    configuration: {
      digest: configurationDigest(spec.kubeadm, role),
      configMaps,
      touchesStaticPods: isControlPlane && !isSameCluster,
    },
  };
}
