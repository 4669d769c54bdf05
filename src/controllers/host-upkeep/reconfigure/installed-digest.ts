import type { Ports } from '../../../ports/index.ts';
import type { Assignment } from '../../../state/assignment.ts';
import type { ClusterSpec } from '../../../state/cluster-spec.ts';
import { configurationDigest } from '../../../state/configuration-digest.ts';
import { SINGLETON } from '../../../state/kinds.ts';

type LogPorts = Pick<Ports, 'self' | 'store'>;
type Role = Parameters<typeof configurationDigest>[1];

interface DatedSpec {
  readonly kubeadm: ClusterSpec['kubeadm'];
  readonly revision: number;
}

/**
 * What a host was brought to, as a digest for the role that it has by now: `known` is what was last
 * said of it, perhaps in another role. Undefined as long as nobody can tell.
 */
export function presentDigest(ports: LogPorts, known: string | undefined): string | undefined {
  const { self, store } = ports;
  const assignment = store.get('assignment', self.nodeId)?.value;
  if (!assignment || assignment.role === 'spare') return known;
  const specs = specsOf(ports);
  const { role } = assignment;
  if (known === undefined) return installedDigest(ports, assignment, { role, specs });
  if (specs.some(({ kubeadm }) => configurationDigest(kubeadm, role) === known)) return known;
  const other = role === 'worker' ? 'control-plane' : 'worker';
  const same = specs.filter(({ kubeadm }) => configurationDigest(kubeadm, other) === known);
  const spec = same.find((each) => isTaken(each, ports)) ?? same[0];
  return spec ? configurationDigest(spec.kubeadm, role) : known;
}

interface Installed {
  readonly role: Role;
  readonly specs: readonly DatedSpec[];
}

/**
 * Whoever founds the cluster takes the spec of its time. Whoever joins takes what the ConfigMaps say:
 * they change right before the first control plane takes a change up, so they say what the newest
 * change says that any control plane has.
 */
function installedDigest(
  ports: LogPorts,
  { task, operationId }: Assignment,
  { role, specs }: Installed,
): string | undefined {
  const operation = ports.store.get('operation', operationId);
  if (!operation) return undefined;
  const spec =
    task === 'init'
      ? specs.find(({ revision }) => revision <= operation.revision)
      : specs.find((each) => isTaken(each, ports));
  return spec && configurationDigest(spec.kubeadm, role);
}

/** What the spec said that a host was brought to; undefined when nobody knows such a one any more. */
export function kubeadmBehind(
  ports: Pick<Ports, 'store'>,
  digest: string | undefined,
  role: Role,
): ClusterSpec['kubeadm'] | undefined {
  return specsOf(ports).find(({ kubeadm }) => configurationDigest(kubeadm, role) === digest)
    ?.kubeadm;
}

/** All that ever counted, the newest first. */
function specsOf({ store }: Pick<Ports, 'store'>): readonly DatedSpec[] {
  const present = store.get('spec', SINGLETON);
  const former = store.list('edition').map(({ value: { revision, spec } }) => ({
    kubeadm: spec.kubeadm,
    revision,
  }));
  const all = present
    ? [...former, { kubeadm: present.value.kubeadm, revision: present.revision }]
    : former;
  return all.toSorted((left, right) => right.revision - left.revision);
}

/** A control plane beside this host was brought to it. */
function isTaken({ kubeadm }: DatedSpec, { self, store }: LogPorts): boolean {
  const digest = configurationDigest(kubeadm, 'control-plane');
  const others = store.list('assignment').filter(({ value: { nodeId, role } }) => {
    return role === 'control-plane' && nodeId !== self.nodeId;
  });
  return others.some(({ key }) => store.get('upkeep', key)?.value.configurationDigest === digest);
}
