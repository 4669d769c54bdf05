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

/**
 * Why no voter must be added now: a sentence, or undefined when one may. The newcomer counts as not
 * healthy (S5); from one voter to two there is no majority without it, so the one has to be healthy.
 */
export function additionTrouble(voters: readonly Voter[]): string | undefined {
  const silent = voters.filter(({ healthy }) => !healthy).map(({ name }) => name);
  const healthy = voters.length - silent.length;
  const needed = voters.length === 1 ? 1 : quorumOf(voters.length + 1);
  if (healthy >= needed) return undefined;
  return `with one more etcd would have ${healthy} of ${voters.length + 1} voters healthy and needs ${needed}: bring ${silent.join(' and ')} back`;
}
