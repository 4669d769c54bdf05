/** A kubeadm, or any other long command, as the journal of the world tells of it. */
export interface Command {
  /** Of its unit, such as `kubeadm-1-join-worker-abc-1`. */
  readonly unit: string;
  readonly argv: readonly string[];
}

export interface UnitName {
  /** `phase`: one of those of a promotion in place. */
  readonly kind: 'kubeadm' | 'reset' | 'phase';
  readonly attempt: number;
  /** The end of the operation's id, or all of it. */
  readonly operation: string;
}

/** Reads the detail of `operation.started`, `<unit>: <argv>`. */
export function parseCommand(detail: string): Command {
  const colon = detail.indexOf(': ');
  return { unit: detail.slice(0, colon), argv: detail.slice(colon + 2).split(' ') };
}

/** Reads the detail of `operation.ended`, `<unit>: succeeded` or `<unit>: failed with 1`. */
export function parseEnd(detail: string): { readonly unit: string; readonly succeeded: boolean } {
  const colon = detail.indexOf(': ');
  return { unit: detail.slice(0, colon), succeeded: detail.slice(colon + 2) === 'succeeded' };
}

/** Undefined for a name that no controller of civitas gives. */
export function parseUnitName(unit: string): UnitName | undefined {
  const [, kind, attempt, operation] = unit.match(/^(kubeadm|reset|phase)\d?-(\d+)-(.+)$/) ?? [];
  if (operation === undefined) return undefined;
  if (kind !== 'kubeadm' && kind !== 'reset' && kind !== 'phase') return undefined;
  return { kind, attempt: Number(attempt), operation };
}

/** `init`, `join`, `reset`, `upgrade` of kubeadm as a whole, not of one of its phases. */
export function kubeadmVerb({ argv }: Command): string | undefined {
  const [program = '', verb, ...rest] = argv;
  const isKubeadm = program === 'kubeadm' || program.endsWith('/kubeadm');
  // `upgrade apply` and `upgrade node` have phases of their own.
  return isKubeadm && !rest.slice(0, 2).includes('phase') ? verb : undefined;
}
