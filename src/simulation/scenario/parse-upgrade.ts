import type { ClusterSpec } from '../../state/cluster-spec.ts';
import { isNewerRelease } from '../../state/kubernetes-version.ts';
import { firstSkippedMinor, releasesBetween } from '../../state/releases-between.ts';
import { specProblems } from '../../state/spec-problems.ts';
import { badOption } from './bad-option.ts';
import { type Moments, splitMoment } from './moments.ts';
import type { PlannedEvent, PlannedFor } from './planned-event.ts';

const OPTION = '--upgrade';
const RELEASE = /^v1\.\d+\.\d+$/;
const FIELDS: readonly string[] = ['kubernetesVersion', 'upgrade.through'];

/**
 * `v1.35.1@5m`: a supported release, newer than the present one; `v1.34.9,v1.35.1` by way of others,
 * one for each minor between. Without those, the spec's own `upgrade.through` counts.
 */
export function parseUpgrade(
  text: string | undefined,
  { hostnames, spec }: PlannedFor,
  moments: Moments,
): readonly Extract<PlannedEvent, { type: 'upgrade' }>[] {
  if (text === undefined) return [];
  const { what, atMs } = splitMoment(OPTION, text, moments);
  refuseMoments(what, text);
  const releases = what.split(',').map((each) => (each.startsWith('v') ? each : `v${each}`));
  refuseNoRelease(what, releases);
  const version = releases.at(-1) ?? '';
  const through = releases.length > 1 ? releases.slice(0, -1) : spec.upgrade.through;
  const edited = { ...spec, kubernetesVersion: version, upgrade: { ...spec.upgrade, through } };
  const context = { expectedNodes: hostnames.length, hostNetworks: [] };
  const problem = specProblems(edited, context).find(({ field }) => isOfRelease(field));
  if (problem) throw badOption(`${OPTION} ${what} is refused: ${problem.message}`);
  refuseStep(what, spec.kubernetesVersion, { kubernetesVersion: version, upgrade: { through } });
  return [{ type: 'upgrade', version, through, atMs }];
}

/** Releases on the way are passed one after the other, whenever each is done. */
function refuseMoments(what: string, text: string): void {
  if (!what.includes('@')) return;
  throw badOption(
    `${OPTION} ${text} names more than one moment: say one, behind the last release, as in v1.34.4,v1.35.1@5m.`,
  );
}

function refuseNoRelease(what: string, releases: readonly string[]): void {
  const wrong = releases.find((each) => !RELEASE.test(each));
  if (wrong === undefined) return;
  const name = wrong === 'v' ? 'an empty name' : wrong.replace(/^v(?!\d)/, '');
  throw badOption(`${OPTION} ${what} is refused: ${name} is no release such as v1.34.4.`);
}

/** Also one of the list of `through`. */
function isOfRelease(field: string): boolean {
  return FIELDS.some((each) => field === each || field.startsWith(`${each}.`));
}

type Wanted = Pick<ClusterSpec, 'kubernetesVersion'> & {
  readonly upgrade: { readonly through: string[] };
};

/** kubeadm never goes back, and skips no minor release. */
function refuseStep(what: string, present: string, wanted: Wanted): void {
  const refused = `${OPTION} ${what} is refused: the cluster is at ${present}, so`;
  if (!isNewerRelease(wanted.kubernetesVersion, present)) {
    throw badOption(`${refused} choose a newer release.`);
  }
  const skipped = firstSkippedMinor(releasesBetween(present, wanted));
  if (skipped === undefined) return;
  const way = `v1.${skipped}.0,${wanted.kubernetesVersion}`;
  throw badOption(`${refused} pass a release of v1.${skipped} on the way, such as ${way}.`);
}
