import type { Entry } from '../../state/kinds.ts';
import type { Rollout } from '../../state/rollout.ts';

interface Words {
  readonly rollouts: readonly Entry<'rollout'>[];
  readonly holds: readonly Entry<'hold'>[];
}

/**
 * The rollout with the same aim that people cancelled: it stays so until they edit the spec. `specRevision`
 * is that of the spec that the wanted one follows. Undefined: nobody did. Pure.
 */
export function cancelledBefore(
  wanted: Rollout,
  { rollouts, holds }: Words,
  specRevision: number,
): Entry<'rollout'> | undefined {
  const same = rollouts
    .filter(({ value }) => value.action === wanted.action)
    .toSorted((a, b) => a.revision - b.revision)
    .at(-1);
  const hold = holds.find(({ key }) => key === same?.key);
  const stands = hold?.value.word === 'cancel' && hold.revision > specRevision;
  return stands && same && haveSameAim(same.value, wanted) ? same : undefined;
}

export function haveSameAim(left: Rollout, right: Rollout): boolean {
  const isSameRelease = left.releases.at(-1) === right.releases.at(-1);
  return isSameRelease && left.configurationDigest === right.configurationDigest;
}
