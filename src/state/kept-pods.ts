import type { ClusterSpec } from './cluster-spec.ts';

/** Pods that no drain touches, however long it takes. */
export interface KeptPods {
  /** Those that keep data in an emptyDir. */
  readonly emptyDir: boolean;
  /** Those without an owner. */
  readonly bare: boolean;
}

/** As the spec says; without a spec none. */
export function keptPods(spec: Pick<ClusterSpec, 'drain'> | undefined): KeptPods {
  return { emptyDir: spec?.drain.emptyDir === 'keep', bare: spec?.drain.bare === 'keep' };
}
