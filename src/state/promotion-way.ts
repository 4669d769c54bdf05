import type { ClusterSpec } from './cluster-spec.ts';
import { parseKubernetesVersion } from './kubernetes-version.ts';

type Way = ClusterSpec['replacement']['promotion'];

export interface PromotionWay {
  readonly way: Way;
  /** For people, to stand after a colon. */
  readonly why: string;
}

/** Minor releases whose kubeadm made a control plane of a worker on real machines, its pods untouched. */
const PROVEN_MINORS: readonly number[] = [33, 34];

/**
 * How a worker becomes a control plane of that release: `in-place` under its pods, where the spec wants it
 * so and it was proven for the minor; else `rejoin`, drained, reset and joined anew.
 */
export function promotionWay(
  { promotion }: Pick<ClusterSpec['replacement'], 'promotion'>,
  kubernetesVersion: string,
): PromotionWay {
  if (promotion === 'rejoin') {
    return {
      way: 'rejoin',
      why: 'the spec wants it drained and joined anew (replacement.promotion)',
    };
  }
  const { minor } = parseKubernetesVersion(kubernetesVersion) ?? {};
  const proven = PROVEN_MINORS.map((each) => `v1.${each}`).join(' and ');
  if (minor !== undefined && PROVEN_MINORS.includes(minor)) {
    return { way: 'in-place', why: `a promotion in place is proven for ${proven}` };
  }
  return {
    way: 'rejoin',
    why: `a promotion in place is proven for ${proven} only, and this is ${kubernetesVersion}`,
  };
}
