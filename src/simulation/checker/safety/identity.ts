import type { Node } from '../../../state/node.ts';
import { sharedIdentity } from '../../../state/twins.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { heardForMs, moment, nameOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Beyond this an agent that runs and reaches the log has been heard by everybody (leases last 30 s). */
const HEARD_MS = 60_000;
const NODE_WRITE = /^node\./;

/** On which host each identity enrolled last. */
type State = ReadonlyMap<string, string>;

const initial: State = new Map();

export const identity = invariant({
  id: 'S16',
  title: 'One live node per identity',
  rule: 'No node enrols with the name or machine of another that lives, and no identity that lives on one host is used by another.',
  hears: ['agent.called', 'log.committed', 'world'],
  spansClusters: true,
  initial,
  step(state, entry, known) {
    switch (entry.type) {
      case 'log.committed':
        return { state, broken: twinEnrolled(entry, known) };
      case 'agent.called':
        return afterCall(state, entry, known);
      case 'world':
        return { state: entry.event === 'disk.wiped' ? withoutHost(state, entry.host) : state };
    }
  },
});

function twinEnrolled(entry: Of<'log.committed'>, known: Known): string | undefined {
  const { kind, key, value, atMs } = entry;
  if (kind !== 'node' || value === null) return undefined;
  const own = value as Node;
  const before = known.log.node.get(key)?.value;
  const twin = [...known.log.node.values()]
    .map((other) => other.value)
    .filter(({ nodeId }) => nodeId !== key)
    .filter((other) => sharedIdentity(own, other) !== undefined)
    .filter((other) => before === undefined || sharedIdentity(before, other) === undefined)
    .find(({ nodeId }) => heardForMs(known, nodeId, atMs) >= HEARD_MS);
  if (twin === undefined) return undefined;
  return `${own.hostname} (${key}) enrolled at ${moment(atMs)} with the ${sharedIdentity(own, twin)} of ${twin.nodeId}, which lives`;
}

function afterCall(state: State, { call, args, host, atMs }: Of<'agent.called'>, known: Known) {
  const [path] = args;
  if (call !== 'log.write' || !NODE_WRITE.test(String(path))) return { state };
  const nodeId = known.nodeIds.get(host);
  if (nodeId === undefined) return { state };
  const first = state.get(nodeId);
  const lives = first !== undefined && known.agents.get(first)?.nodeId === nodeId;
  if (!lives || first === host) return { state: changed(state, nodeId, host) };
  const broken = `${host} enrolled as ${nameOf(known, nodeId)} (${nodeId}) at ${moment(atMs)}, which lives on ${first}`;
  return { state, broken };
}

function withoutHost(state: State, host: string): State {
  const [nodeId] = [...state].find(([, enrolled]) => enrolled === host) ?? [];
  return nodeId === undefined ? state : without(state, nodeId);
}
