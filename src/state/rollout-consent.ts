import type { ClusterSpec } from './cluster-spec.ts';
import type { Rollout } from './rollout.ts';

/** When people want rollouts of a kind to begin. */
export interface Consent {
  readonly policy: 'auto' | 'approve' | 'window';
  readonly window: ClusterSpec['upgrade']['window'];
  /** The part of the spec that says so. */
  readonly field: 'upgrade' | 'certificates';
}

/** Certificates have words of their own. Where they are only to be told of, nothing is planned, and this means nothing. */
export function consentFor(
  action: Rollout['action'],
  { upgrade, certificates }: Pick<ClusterSpec, 'upgrade' | 'certificates'>,
): Consent {
  if (action !== 'renew-certificates') {
    return { policy: upgrade.policy, window: upgrade.window, field: 'upgrade' };
  }
  const policy = certificates.policy === 'report' ? 'auto' : certificates.policy;
  return { policy, window: certificates.window, field: 'certificates' };
}
