import type { TraceEntry } from '../../trace/entry.ts';
import type { Of } from '../rule.ts';
import type { Known } from './known.ts';
import { withMember, withoutMember } from './maps.ts';
import { enrolledAddresses } from './moves.ts';

/** `detail` of `network.healed` names the other end; `*` on either side is everybody. */
export function learnCuts(known: Known, { host, event, detail }: Of<'world'>): Known {
  if (event === 'network.cut') {
    return { ...known, cuts: withMember(known.cuts, `${host}>${detail}`) };
  }
  if (event !== 'network.healed') return known;
  const meant = (cut: string) =>
    [host, detail].every((end) => end === '*' || cut.split('>').includes(end));
  return { ...known, cuts: new Set([...known.cuts].filter((cut) => !meant(cut))) };
}

/** Whatever is wrong counts from when it begins until a moment after it ended. */
export function learnTroubles(known: Known, entry: TraceEntry): Known {
  const troubles = troublesAfter(known, entry);
  if (troubles === known.troubles) return known;
  return { ...known, troubles, troubledMs: entry.atMs };
}

function troublesAfter(known: Known, entry: TraceEntry): ReadonlySet<string> {
  const { troubles } = known;
  const { host } = entry;
  switch (entry.type) {
    case 'agent.started':
      return withoutMember(troubles, `no agent on ${host}`);
    case 'agent.ended':
      return withMember(withoutMember(troubles, `paused ${host}`), `no agent on ${host}`);
    case 'agent.paused':
      return withMember(troubles, `paused ${host}`);
    case 'agent.resumed':
      return withoutMember(troubles, `paused ${host}`);
    case 'fault.begun':
      return withMember(troubles, `fault ${entry.fault} ${host} ${entry.detail}`);
    case 'fault.ended':
      return withoutMember(troubles, `fault ${entry.fault} ${host} ${entry.detail}`);
    case 'log.committed':
      return afterEnrolment(troubles, entry);
    case 'world':
      return afterWorld(known, entry);
    default:
      return troubles;
  }
}

/** Until the log has it there, a host is where nobody looks for it, nor for its replica of the log. */
function afterMove({ troubles, log, nodeIds }: Known, { host, detail }: Of<'world'>) {
  const others = new Set([...troubles].filter((each) => !each.startsWith(elsewhere(host, ''))));
  const enrolled = log.node.get(nodeIds.get(host) ?? '')?.value.addresses ?? [];
  return enrolled.includes(detail) ? others : withMember(others, elsewhere(host, detail));
}

function afterEnrolment(
  troubles: ReadonlySet<string>,
  entry: Of<'log.committed'>,
): ReadonlySet<string> {
  return enrolledAddresses(entry).reduce(
    (left, each) => withoutMember(left, elsewhere(entry.host, each)),
    troubles,
  );
}

function elsewhere(host: string, address: string): string {
  return `${host} is at ${address}`;
}

function afterWorld(known: Known, entry: Of<'world'>): ReadonlySet<string> {
  const { troubles, cuts } = known;
  const { host, event } = entry;
  switch (event) {
    case 'address.changed':
      return afterMove(known, entry);
    case 'power.on':
      return withoutMember(troubles, `no power on ${host}`);
    case 'power.cut':
      return withMember(troubles, `no power on ${host}`);
    case 'network.cut':
      return withMember(troubles, 'cut cables');
    case 'network.healed':
      return cuts.size === 0 ? withoutMember(troubles, 'cut cables') : troubles;
    default:
      return troubles;
  }
}
