import type { Waiting } from './genesis/why-waiting.ts';
import { heldAgainstUs, type Knowledge } from './knowledge.ts';

/** More would hide what matters. */
const MOST_REASONS = 3;

/** The sentence of `civitas status` about a node that has no genesis record yet. */
export function waitingMessage(
  waiting: Waiting,
  knowledge: Knowledge,
  troubles: readonly string[],
): string {
  const others = [...refusedSentences(knowledge), ...troubles].slice(0, MOST_REASONS);
  return [mainSentence(waiting), ...others].join(' ');
}

function mainSentence({ cause, endsWhen }: Waiting): string {
  if (cause.reason !== 'too-few-nodes') return `Waiting until ${endsWhen}.`;
  const { reachable, needed, expected, silent } = cause;
  const missing = needed - reachable;
  const subject = `Waiting for ${missing} more of ${expected} nodes`;
  if (missing > silent.length) {
    return `${subject} (${here(reachable)}, ${needed} are needed): start civitas on them with the same token.`;
  }
  return `${subject} (${here(reachable)}, ${needed} are needed): ${silent.join(', ')} cannot be reached now.`;
}

function refusedSentences(knowledge: Knowledge): readonly string[] {
  const against = heldAgainstUs(knowledge);
  const [by] = against;
  const others = [...knowledge.refused.values()].map(({ message }) => message);
  const own = by
    ? [`${count(against.length, 'node refuses', 'nodes refuse')} this one: ${by.message}`]
    : [];
  return [...own, ...others];
}

function here(reachable: number): string {
  return reachable === 1 ? '1 is here' : `${reachable} are here`;
}

function count(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${many}`;
}
