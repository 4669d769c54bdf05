import type { Kube } from '../../ports/kube.ts';
import { parseKubernetesVersion } from '../../state/kubernetes-version.ts';
import { apisRemovedBetween } from '../../state/removed-apis.ts';
import type { NodeView, StoredSight } from './observed.ts';

/** So many in all are looked at, each time: there may be one IPAddress for every Service. */
const MOST_OBJECTS = 500;

/** What is stored of the APIs that the release takes away; asks for nothing where it takes none away. */
export async function observeStored(
  release: string,
  nodes: readonly NodeView[],
  kube: Kube,
): Promise<readonly StoredSight[]> {
  const toMinor = parseKubernetesVersion(release)?.minor ?? 0;
  const found: StoredSight[] = [];
  let left = MOST_OBJECTS;
  for (const api of apisRemovedBetween(presentMinor(nodes) ?? toMinor - 1, toMinor)) {
    const { group, resource, through: version } = api;
    const { objects, all } =
      left === 0
        ? { objects: [], all: false }
        : await kube.writtenObjects({ group, version, resource }, left);
    left -= objects.length;
    found.push({ api, objects, all });
  }
  return found;
}

/** Of the oldest API server; undefined when none told. */
function presentMinor(nodes: readonly NodeView[]): number | undefined {
  const minors = nodes.flatMap(({ apiServer }) => {
    return parseKubernetesVersion(apiServer ?? '')?.minor ?? [];
  });
  return minors.length === 0 ? undefined : Math.min(...minors);
}
