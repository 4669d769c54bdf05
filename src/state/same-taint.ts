interface Taint {
  readonly key: string;
  readonly effect: string;
}

/** Kubernetes keeps one taint of each key and effect on a Node, whatever its value. */
export function isSameTaint(left: Taint, right: Taint): boolean {
  return left.key === right.key && left.effect === right.effect;
}
