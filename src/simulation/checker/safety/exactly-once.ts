import type { Operation } from '../../../state/operation.ts';
import { clusterOf } from '../known/clusters.ts';
import { parseCommand, parseUnitName } from '../known/command.ts';
import type { Known } from '../known/known.ts';
import { changed } from '../known/maps.ts';
import { isOfMove } from '../known/moves.ts';
import { orderedCommand } from '../known/ordered-commands.ts';
import { moment, operationOf, progressOf } from '../known/questions.ts';
import { isUnorderedRenewal } from '../known/renewals.ts';
import { isWarming } from '../known/warming.ts';
import { invariant, type Of } from '../rule.ts';

interface State {
  /** When each unit that is no reset was started: host and unit → moment. */
  readonly started: ReadonlyMap<string, number>;
  /** How each operation of this cluster ended that is at its end. */
  readonly ended: ReadonlyMap<string, string>;
  readonly cluster: string | undefined;
}

const initial: State = { started: new Map(), ended: new Map(), cluster: undefined };

/** Every attempt has a unit of its own name, so one that runs twice was not observed before it was repeated. */
export const exactlyOnce = invariant({
  id: 'S24',
  title: 'Completed once, attempted once',
  rule: 'No attempt of an operation is started twice, nor any phase of one but after a boot, none is started after its operation ended, and an operation that ended stays as it is.',
  hears: ['world', 'log.committed'],
  initial,
  step(former, entry, known) {
    const cluster = clusterOf(known);
    // Whoever lost all its machines founds another cluster, with operations of the same names.
    const state = former.cluster === cluster ? former : { ...initial, cluster };
    if (entry.type === 'log.committed') return afterCommit(state, entry);
    if (entry.event === 'power.cut') return { state: withoutPhases(state, entry.host) };
    return entry.event === 'operation.started' ? afterStart(state, entry, known) : { state };
  },
});

/** A boot takes the units, and phases are safe to repeat: those that ended well are not known any more. */
function withoutPhases(state: State, host: string): State {
  const kept = [...state.started].filter(([name]) => {
    const [at = '', unit = ''] = name.split(' ');
    return at !== host || parseUnitName(unit)?.kind !== 'phase';
  });
  return kept.length === state.started.size ? state : { ...state, started: new Map(kept) };
}

function afterCommit(state: State, { kind, key, value, atMs }: Of<'log.committed'>) {
  if (kind !== 'operation' || value === null) return { state };
  const progress = progressOf(value as Operation)?.state;
  const end = state.ended.get(key);
  if (end !== undefined) {
    const broken = `operation ${key} was ${progress ?? 'written'} at ${moment(atMs)}, after it ended as ${end}`;
    return { state, broken };
  }
  if (progress !== 'succeeded' && progress !== 'gave-up') return { state };
  return { state: { ...state, ended: changed(state.ended, key, progress) } };
}

function afterStart(state: State, { host, detail, atMs }: Of<'world'>, known: Known) {
  const { unit } = parseCommand(detail);
  const broken = repeated(state, host, unit, known);
  const next = changed(state.started, `${host} ${unit}`, atMs);
  return {
    state: { ...state, started: next },
    broken: broken && `${host} started ${unit} at ${moment(atMs)}, ${broken}`,
  };
}

function repeated(state: State, host: string, unit: string, known: Known): string | undefined {
  const name = parseUnitName(unit);
  const before = state.started.get(`${host} ${unit}`);
  const running = (known.commands.get(host) ?? []).some((command) => command.unit === unit);
  if (running) return 'which runs already';
  // What a reset left is for another run of it: only its outcome counts.
  if (before !== undefined && name?.kind !== 'reset' && !isRepeatable(unit))
    return `as it had at ${moment(before)}`;
  const operation = name && operationOf(known, host, name.operation)?.value;
  const end = operation && state.ended.get(operation.operationId);
  return end && `after its operation ended as ${end}`;
}

/** What an order, the end of a leaf, another address, or nobody asks for is safe to repeat. */
function isRepeatable(unit: string): boolean {
  const isOfHost = isUnorderedRenewal(unit) || isOfMove(unit) || isWarming(unit);
  return isOfHost || orderedCommand(unit) !== undefined;
}
