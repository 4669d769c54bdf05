import {
  compareKubernetesVersions,
  parseKubernetesVersion,
} from '../../state/kubernetes-version.ts';
import { specProblems } from '../../state/spec-problems.ts';
import { badOption } from './bad-option.ts';
import { type Moments, splitMoment } from './moments.ts';
import type { PlannedEvent, PlannedFor } from './planned-event.ts';

const OPTION = '--upgrade';

/** `v1.35.1@5m`: a supported release, newer than the present one by one minor at most. */
export function parseUpgrade(
  text: string | undefined,
  { hostnames, spec }: PlannedFor,
  moments: Moments,
): readonly Extract<PlannedEvent, { type: 'upgrade' }>[] {
  if (text === undefined) return [];
  const { what, atMs } = splitMoment(OPTION, text, moments);
  const version = what.startsWith('v') ? what : `v${what}`;
  const edited = { ...spec, kubernetesVersion: version };
  const context = { expectedNodes: hostnames.length, hostNetworks: [] };
  const problem = specProblems(edited, context).find(({ field }) => field === 'kubernetesVersion');
  if (problem) throw badOption(`${OPTION} ${what} is refused: ${problem.message}`);
  refuseStep(what, version, spec.kubernetesVersion);
  return [{ type: 'upgrade', version, atMs }];
}

/** kubeadm never goes back, and skips no minor release. */
function refuseStep(what: string, wanted: string, present: string): void {
  const [to, from] = [parseKubernetesVersion(wanted), parseKubernetesVersion(present)];
  if (!to || !from) return;
  const order = compareKubernetesVersions(to, from);
  if (order > 0 && to.minor - from.minor <= 1) return;
  const cure =
    order <= 0
      ? 'choose a newer release'
      : `choose one of v1.${from.minor} or v1.${from.minor + 1} first`;
  throw badOption(`${OPTION} ${what} is refused: the cluster is at ${present}, so ${cure}.`);
}
