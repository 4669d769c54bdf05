import { kubeadmVerb, parseCommand } from '../known/command.ts';
import { isUpheaval, moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';

/** Names of faults that set the wall clock of a host. */
const WALL_CLOCK = /clock|wall/;
/** Longer than any lease, watch or grace of the log. */
const AFTERMATH_MS = 120_000;
const SAFETY_KINDS = ['leadership', 'liveness', 'assignment'];

/** What was otherwise quiet when a clock jumped; undefined: nothing jumped, or something else happened too. */
interface State {
  readonly isSettled: boolean;
  readonly jump: { readonly host: string; readonly atMs: number } | undefined;
}

const initial: State = { isSettled: false, jump: undefined };

/** With a jump as the only thing that happens, whatever changes changed because of it. */
export const monotonicTime = invariant({
  id: 'S22',
  title: 'The wall clock decides nothing',
  rule: 'When the wall clock of a host jumps and nothing else happens, no leader, verdict or role changes and nothing is installed or reset.',
  hears: [
    'script.settled',
    'script.edited',
    'fault.begun',
    'agent.started',
    'agent.ended',
    'agent.paused',
    'agent.resumed',
    'world',
    'log.committed',
  ],
  initial,
  step(state, entry) {
    const { atMs } = entry;
    const change = state.jump && atMs - state.jump.atMs <= AFTERMATH_MS && changeOf(entry);
    if (change && state.jump) {
      const { jump } = state;
      const broken = `${change} at ${moment(atMs)}, after the wall clock of ${jump.host} jumped at ${moment(jump.atMs)}`;
      return { state, broken };
    }
    return { state: next(state, entry) };
  },
});

type Heard = Parameters<typeof next>[1];

function next(
  state: State,
  entry: Of<
    | 'script.settled'
    | 'script.edited'
    | 'fault.begun'
    | 'agent.started'
    | 'agent.ended'
    | 'agent.paused'
    | 'agent.resumed'
    | 'world'
    | 'log.committed'
  >,
): State {
  const { host, atMs } = entry;
  switch (entry.type) {
    case 'script.settled':
      return { isSettled: true, jump: undefined };
    case 'fault.begun':
      if (!WALL_CLOCK.test(entry.fault) || !state.isSettled) return initial;
      return { isSettled: true, jump: { host, atMs } };
    case 'world':
      return isUpheaval(entry) ? initial : state;
    case 'log.committed':
      return state;
    default:
      return initial;
  }
}

function changeOf(entry: Heard): string | undefined {
  if (entry.type === 'log.committed' && SAFETY_KINDS.includes(entry.kind)) {
    return `entry ${entry.kind} ${entry.key} was written`;
  }
  if (entry.type !== 'world' || entry.event !== 'operation.started') return undefined;
  const verb = kubeadmVerb(parseCommand(entry.detail));
  return verb && `kubeadm ${verb} was started on ${entry.host}`;
}
