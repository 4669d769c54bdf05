import {
  compareKubernetesVersions,
  type KubernetesVersion,
  mayKubeletServe,
  parseKubernetesVersion,
} from '../../../state/kubernetes-version.ts';
import type { TracedNode } from '../../trace/entry.ts';
import { kubeadmVerb, parseCommand } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { freshOrder } from '../known/orders.ts';
import { moment, nameOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** Nodes under an order as they were when it was given, by name. */
  readonly before: ReadonlyMap<string, TracedNode>;
}

const initial: State = { before: new Map() };

/**
 * Judges each list of Nodes, and what became of each Node since the one before. Between kubelet and API
 * server only minor releases count, as in every bound of the version skew policy of Kubernetes: a patch
 * breaks no API. Civitas lets no kubelet go ahead by a patch either, which the tests of `upkeep` watch.
 */
export const versionOrder = invariant({
  id: 'S7',
  title: 'Versions go up in order',
  rule: 'No node skips a minor release or goes back, but to what it was before an order that stands, and no kubelet is newer than the oldest API server or more than three minors older than the newest.',
  hears: ['kubernetes.nodes', 'log.committed', 'world'],
  initial,
  step(state, entry, known) {
    if (entry.type === 'log.committed') return { state: underOrders(state, entry, known) };
    const problem =
      entry.type === 'world' ? orderProblem(entry, known) : listProblem(entry, state, known);
    return { state, broken: problem && `${problem} at ${moment(entry.atMs)}` };
  },
});

function underOrders({ before }: State, entry: Of<'log.committed'>, known: Known): State {
  const { kind, key, value } = entry;
  if (kind !== 'order') return { before };
  const name = nameOf(known, key);
  if (value === null) return { before: without(before, name) };
  const node = [...known.nodes.values()].flat().find((each) => each.name === name);
  if (!node || !freshOrder(entry, known)) return { before };
  return { before: changed(before, name, node) };
}

function listProblem(
  { cluster, nodes }: Of<'kubernetes.nodes'>,
  { before }: State,
  known: Known,
): string | undefined {
  const former = known.nodes.get(cluster) ?? [];
  const moves = nodes.map((node) => {
    const old = former.find(({ name }) => name === node.name);
    return old && moveProblem(node, old, before.get(node.name));
  });
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

/** A part that is put back as its order failed is what it was before it. */
function moveProblem(node: TracedNode, old: TracedNode, before: TracedNode | undefined) {
  const parts = [
    { what: 'the kubelet', key: 'kubeletVersion' },
    { what: 'the API server', key: 'apiServerVersion' },
  ] as const;
  const moved = parts.filter(({ key }) => node[key] !== before?.[key]);
  const problems = moved.map(({ what, key }) => {
    return stepProblem(`${what} of ${node.name}`, old[key], node[key]);
  });
  return problems.find((found) => found !== undefined);
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
