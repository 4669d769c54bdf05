import { parseHostMarker } from '../../../state/host-marker.ts';
import { MARKER_FILE } from '../../../state/kubernetes-paths.ts';
import { kubeadmVerb, parseCommand, parseUnitName } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { changed, without } from '../known/maps.ts';
import { moment, operationOf, progressOf } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** What was about to be written as marker of each host, and what stands there. */
  readonly pending: ReadonlyMap<string, string>;
  readonly markers: ReadonlyMap<string, string>;
}

const initial: State = { pending: new Map(), markers: new Map() };

export const ownReset = invariant({
  id: 'S17',
  title: 'Reset wipes only what is ours',
  rule: 'kubeadm reset runs only while the log says that this very node is resetting, on a host whose marker names this cluster.',
  hears: ['agent.called', 'world'],
  initial,
  step(state, entry, known) {
    const { host } = entry;
    if (entry.type === 'agent.called') {
      const [path, content] = entry.args;
      const isMarker = entry.call === 'files.write' && path === MARKER_FILE;
      return { state: isMarker ? withPending(state, host, String(content)) : state };
    }
    if (entry.event === 'operation.started')
      return { state, broken: wrongReset(state, entry, known) };
    return { state: afterWorld(state, entry) };
  },
});

function withPending(state: State, host: string, content: string): State {
  return { ...state, pending: changed(state.pending, host, content) };
}

function afterWorld(state: State, { host, event, detail }: Of<'world'>): State {
  const gone = event === 'disk.wiped' || (event === 'file.removed' && detail === MARKER_FILE);
  if (gone) return { ...state, markers: without(state.markers, host) };
  const content = state.pending.get(host);
  if (event !== 'file.written' || detail !== MARKER_FILE || content === undefined) return state;
  return { ...state, markers: changed(state.markers, host, content) };
}

function wrongReset(state: State, entry: Of<'world'>, known: Known): string | undefined {
  const { host, detail, atMs } = entry;
  const command = parseCommand(detail);
  if (kubeadmVerb(command) !== 'reset') return undefined;
  const why = notResetting(host, command.unit, known) ?? notOurs(state, host, known);
  return why && `${host} was reset at ${moment(atMs)} ${why}`;
}

function notResetting(host: string, unit: string, known: Known): string | undefined {
  const name = parseUnitName(unit);
  const operation = name && operationOf(known, host, name.operation)?.value;
  if (!operation) return 'without an operation of its own in the log';
  const { state } = progressOf(operation) ?? { state: 'unreadable' };
  return state === 'resetting' ? undefined : `while its operation is ${state}`;
}

function notOurs({ markers }: State, host: string, { records }: Known): string | undefined {
  const marker = parseHostMarker(markers.get(host) ?? '');
  if (marker === undefined) return 'without a marker of ours';
  const own = records.get(host)?.clusterId ?? marker.clusterId;
  return marker.clusterId === own ? undefined : `with the marker of cluster ${marker.clusterId}`;
}
