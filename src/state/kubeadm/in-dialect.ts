import { isFields } from './is-fields.ts';
import type { Fields, KubeadmDialect } from './kubeadm-dialect.ts';

/** Fields of kubeadm's documents that hold arguments of a program. */
const ARGUMENTS = ['extraArgs', 'kubeletExtraArgs'];

/**
 * What people wrote for kubeadm, with arguments in the form that this release of it reads: by name up to
 * v1beta3, as a list of names and values since v1beta4. A spec outlives releases, so either may stand there;
 * what is neither is left for kubeadm to complain of.
 */
export function inDialect(patch: Fields, dialect: KubeadmDialect): Fields {
  const entries = Object.entries(patch).map(([key, value]) => {
    if (ARGUMENTS.includes(key)) return [key, inForm(value, dialect)] as const;
    return [key, isFields(value) ? inDialect(value, dialect) : value] as const;
  });
  return Object.fromEntries(entries);
}

function inForm(value: unknown, { extraArgs }: KubeadmDialect): unknown {
  const isList = Array.isArray(extraArgs({}));
  if (isFields(value)) return isList ? extraArgs(value) : value;
  if (!Array.isArray(value) || isList) return value;
  const named = value.flatMap((item: unknown) =>
    isFields(item) && typeof item['name'] === 'string' ? [[item['name'], item['value']]] : [],
  );
  return named.length === value.length ? extraArgs(Object.fromEntries(named)) : value;
}
