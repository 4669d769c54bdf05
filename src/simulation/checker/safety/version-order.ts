import {
  compareKubernetesVersions,
  type KubernetesVersion,
  mayKubeletServe,
  parseKubernetesVersion,
} from '../../../state/kubernetes-version.ts';
import type { TracedNode } from '../../trace/entry.ts';
import { kubeadmVerb, parseCommand } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/**
 * Judges each list of Nodes, and what became of each Node since the one before. Between kubelet and API
 * server only minor releases count, as in every bound of the version skew policy of Kubernetes: a patch
 * breaks no API. Civitas lets no kubelet go ahead by a patch either, which the tests of `upkeep` watch.
 */
export const versionOrder = invariant({
  id: 'S7',
  title: 'Versions go up in order',
  rule: 'No node goes back or skips a minor release, and no kubelet is newer than the oldest API server or more than three minors older than the newest.',
  hears: ['kubernetes.nodes', 'world'],
  initial: undefined,
  step(state, entry, known) {
    const problem = entry.type === 'world' ? orderProblem(entry, known) : listProblem(entry, known);
    return { state, broken: problem && `${problem} at ${moment(entry.atMs)}` };
  },
});

function listProblem({ cluster, nodes }: Of<'kubernetes.nodes'>, known: Known) {
  const before = known.nodes.get(cluster) ?? [];
  const moves = nodes.map((node) => moveProblem(node, before));
  return moves.find((found) => found !== undefined) ?? skewProblem(nodes);
}

/** `kubeadm upgrade apply <version>`, before it has done anything. */
function orderProblem({ event, detail, host }: Of<'world'>, known: Known): string | undefined {
  const command = parseCommand(detail);
  if (event !== 'operation.started' || kubeadmVerb(command) !== 'upgrade') return undefined;
  const to = command.argv.find((word) => parseKubernetesVersion(word) !== undefined);
  const nodes = [...known.nodes.values()].flat();
  const own = nodes.find(({ name }) => name === host);
  return stepProblem(
    `by ${command.unit} ${host}`,
    own?.apiServerVersion ?? own?.kubeletVersion,
    to,
  );
}

function moveProblem(node: TracedNode, before: readonly TracedNode[]): string | undefined {
  const old = before.find(({ name }) => name === node.name);
  return (
    stepProblem(`the kubelet of ${node.name}`, old?.kubeletVersion, node.kubeletVersion) ??
    stepProblem(`the API server of ${node.name}`, old?.apiServerVersion, node.apiServerVersion)
  );
}

function stepProblem(what: string, from: string | undefined, to: string | undefined) {
  const [old, next] = [versionOf(from), versionOf(to)];
  if (!old || !next) return undefined;
  if (compareKubernetesVersions(next, old) < 0) return `${what} went back from ${from} to ${to}`;
  if (next.minor - old.minor > 1) return `${what} skipped a minor from ${from} to ${to}`;
  return undefined;
}

function skewProblem(nodes: readonly TracedNode[]): string | undefined {
  const servers = nodes.flatMap(({ apiServerVersion }) => versionOf(apiServerVersion) ?? []);
  if (servers.length === 0) return undefined;
  const odd = nodes.find(({ kubeletVersion }) => {
    const kubelet = versionOf(kubeletVersion);
    return kubelet && !servers.every((server) => mayKubeletServe(kubelet, server));
  });
  return (
    odd &&
    `the kubelet of ${odd.name} is ${odd.kubeletVersion}, which not every API server may serve`
  );
}

function versionOf(text: string | undefined): KubernetesVersion | undefined {
  return text === undefined ? undefined : parseKubernetesVersion(text);
}
