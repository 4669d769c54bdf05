/** A voting member of etcd as somebody just saw it. What is unknown counts as not healthy (S5). */
export interface Voter {
  readonly name: string;
  readonly healthy: boolean;
}

/** Votes that a cluster of so many voters needs. */
export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/**
 * Why one voter must not be taken out now: a sentence, or undefined when it may. Etcd must have a
 * quorum before, to agree on the change at all, and those that stay must have one afterwards (S4).
 */
export function removalTrouble(voters: readonly Voter[], leaving: string): string | undefined {
  const healthy = voters.filter((voter) => voter.healthy);
  const before = quorumOf(voters.length);
  if (healthy.length < before) {
    return `etcd has ${healthy.length} healthy voters of ${voters.length} and needs ${before} to agree on anything`;
  }
  const staying = voters.filter(({ name }) => name !== leaving);
  if (staying.length === 0) return `${leaving} is the only voter of etcd`;
  const after = quorumOf(staying.length);
  const left = staying.filter((voter) => voter.healthy).length;
  if (left >= after) return undefined;
  return `without ${leaving} etcd would have ${left} healthy voters of ${staying.length} and needs ${after}`;
}
