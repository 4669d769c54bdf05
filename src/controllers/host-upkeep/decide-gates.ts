import {
  compareKubernetesVersions,
  mayKubeletServe,
  parseKubernetesVersion,
} from '../../state/kubernetes-version.ts';
import { type Course, SOON_MS, wait } from './course.ts';
import type { ApiServerSight } from './observed.ts';
import type { Work } from './work.ts';

const WAITS = 'waits before the host is touched';

/** What must be so before the host is touched; undefined when all of it is. */
export function closedGate(work: Work): Course | undefined {
  return (
    booting(work) ??
    formerCommand(work) ??
    missingRelease(work) ??
    skewed(work) ??
    undrained(work) ??
    unhealthyEtcd(work)
  );
}

/** A boot has yet to find out what this host still is: until then nobody can tell. */
export function booting({ sight }: Work): Course | undefined {
  if (!sight.isParked) return undefined;
  const message = 'waiting until what was set aside at the boot of this host is back in its place';
  return wait(WAITS, { reason: 'parked', message }, SOON_MS);
}

/** Without the programs of the release nothing can begin, nor go on. */
export function missingRelease({ order, sight }: Work): Course | undefined {
  const { folder, problem } = sight.presence;
  if (folder !== null) return undefined;
  const message = `waiting for the programs of ${order.kubernetesVersion}: ${problem}`;
  return wait('waits for programs', { reason: 'release', message });
}

function formerCommand({ sight }: Work): Course | undefined {
  if (!sight.formerRuns) return undefined;
  const message = 'waiting for kubeadm to end what an earlier order began on this host';
  return wait(WAITS, { reason: 'former-command', message }, SOON_MS);
}

function undrained({ sight }: Work): Course | undefined {
  if (sight.isDrained) return undefined;
  const message = `waiting for ${sight.sponsor} to drain this node`;
  return wait(WAITS, { reason: 'drain', message }, SOON_MS);
}

function unhealthyEtcd({ sight }: Work): Course | undefined {
  if (sight.etcdTrouble === null) return undefined;
  const message = `waiting until etcd can do without its member here: ${sight.etcdTrouble}`;
  return wait(WAITS, { reason: 'etcd-not-healthy', message });
}

function skewed(work: Work): Course | undefined {
  const why = work.order.task === 'upgrade-kubelet' ? newerThanServer(work) : leavesKubelet(work);
  if (why === undefined) return undefined;
  return wait(WAITS, { reason: 'version-skew', message: `this node was not upgraded: ${why}` });
}

/** S7. One that nobody knows of may be older than all. */
function newerThanServer({ order, sight }: Work): string | undefined {
  const wanted = order.kubernetesVersion;
  if (sight.apiServers.length === 0) return 'the log names no control plane yet';
  const older = sight.apiServers.find((server) => !isAtLeast(server, wanted));
  if (older === undefined) return undefined;
  const is = older.version === null ? 'has not told its version' : `is ${older.version}`;
  return `a kubelet ${wanted} may not be newer than any API server, and that of ${older.hostname} ${is}`;
}

function isAtLeast({ version }: ApiServerSight, wanted: string): boolean {
  const [server, kubelet] = [version ?? '', wanted].map(parseKubernetesVersion);
  return !!server && !!kubelet && compareKubernetesVersions(server, kubelet) >= 0;
}

/** Its own kubelet has to get on with the API server that it is about to start. */
function leavesKubelet({ order, parts }: Work): string | undefined {
  const wanted = order.kubernetesVersion;
  const [kubelet, target] = [parts.kubelet ?? '', wanted].map(parseKubernetesVersion);
  if (!target) return `"${wanted}" is no release`;
  if (!kubelet || mayKubeletServe(kubelet, target)) return undefined;
  return `its kubelet ${parts.kubelet} can not serve an API server ${wanted}`;
}
