import type { JournalEntry } from '../../src/simulation/world-state.ts';
import type { Assignment } from '../../src/state/assignment.ts';
import { MANIFESTS_FOLDER } from '../../src/state/kubernetes-paths.ts';
import type { KubeadmNodes } from './kubeadm-nodes.ts';

/** What takes something away from a host. */
const TAKES = /^(file\.removed|service\.changed|operation\.started|pod-network\.cleared)$/;

/** What a change of roles must never do, told as it happens. */
export function witnessRoleChanges(cluster: KubeadmNodes): ReadonlySet<string> {
  const { world, nodes, log } = cluster;
  const broken = new Set<string>();
  world.onChange((entry) => {
    const node = nodes.find(({ node: { hostname } }) => hostname === entry.host)?.node;
    const asked = log.get('assignment', node?.nodeId ?? '')?.value;
    if (!asked) return;
    const problem =
      tooEarly(asked, entry, cluster) ?? hasty(asked, entry, cluster) ?? givenBack(asked, entry);
    if (problem) broken.add(`${entry.host}: ${problem}`);
  });
  return broken;
}

function tooEarly(asked: Assignment, { event }: JournalEntry, { log }: KubeadmNodes) {
  if (asked.task !== 'demote' && asked.task !== 'retire') return undefined;
  const departure = log.get('departure', asked.nodeId)?.value;
  const isDone = departure?.operationId === asked.operationId && departure.state === 'done';
  return !isDone && TAKES.test(event) ? 'touched before its departure was done' : undefined;
}

function hasty({ task }: Assignment, { event, host }: JournalEntry, { world }: KubeadmNodes) {
  if (task !== 'demote' || event !== 'service.changed') return undefined;
  const pods = world.state.hosts.get(host)?.runtime?.pods.size ?? 0;
  return pods > 0 ? 'its kubelet was restarted before its static pods ended' : undefined;
}

function givenBack({ role }: Assignment, { event, detail }: JournalEntry) {
  const comesBack = event === 'file.moved' && detail.includes(` ${MANIFESTS_FOLDER}/`);
  const isDeposed = role !== 'control-plane';
  return comesBack && isDeposed ? 'manifests were given back to who was deposed' : undefined;
}
