import { kubeletAddress, withKubeletAddress } from '../../state/kubelet-address.ts';
import type { Requeue } from '../../state/requeue.ts';
import type { Action } from './action.ts';
import { followWithControlPlane } from './decide-control-plane.ts';
import type { Observed } from './observed.ts';

/**
 * What was set up for an address that the host has no more gets the one that it has: the kubelet of a
 * worker by its flags, a control plane as a whole.
 */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  const { serves, addresses, kubeletFlags = '', controlPlane } = observed;
  const [address] = addresses;
  if (!serves || address === undefined) return [];
  if (controlPlane) return followWithControlPlane(controlPlane, address);
  const configured = kubeletAddress(kubeletFlags);
  if (configured === undefined || addresses.includes(configured)) {
    return late(configured, observed);
  }
  const content = withKubeletAddress(kubeletFlags, address);
  return [{ type: 'write-flags', content }, { type: 'restart-kubelet' }];
}

/** An agent that ended between the two actions left a kubelet behind that knows nothing of it. */
function late(configured: string | undefined, observed: Observed): readonly Action[] {
  const { addresses, registered, proxyIsBehind } = observed;
  if (registered === undefined) return [];
  if (addresses.includes(registered)) return proxyIsBehind ? [{ type: 'restart-kube-proxy' }] : [];
  return configured === undefined ? [] : [{ type: 'restart-kubelet' }];
}
