import type { HostCheck } from '../../ports/host.ts';

export type Finding = Omit<HostCheck, 'name'>;

/** One thing a host needs; both versions as in the spec, `v1.34.4`. */
export interface HostItem {
  check(kubernetesVersion: string, kubeletVersion: string): Promise<Finding>;
  /** Called for what `check` found `can-prepare`; safe to repeat. */
  prepare(kubernetesVersion: string, kubeletVersion: string): Promise<void>;
}

export function ok(message: string): Finding {
  return { state: 'ok', message };
}

export function canPrepare(message: string): Finding {
  return { state: 'can-prepare', message };
}

export function missing(message: string): Finding {
  return { state: 'missing', message };
}
