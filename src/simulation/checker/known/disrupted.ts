import type { Of } from '../rule.ts';
import { kubeadmVerb, parseCommand } from './command.ts';
import type { Known } from './known.ts';
import { hasServed } from './questions.ts';

const DISRUPTIVE: readonly (string | undefined)[] = ['reset', 'upgrade'];

/** A node that somebody begins to take out of service. */
export interface Disruption {
  readonly host: string;
  /** What is done to it, to stand after "was". */
  readonly what: string;
}

/** Nodes that are out of service on purpose: cordoned ones, and those that are reset or upgraded. */
export function disruptedHosts(known: Known): readonly string[] {
  const changing = [...known.commands].flatMap(([host, commands]) => {
    const isChanging = commands.some((each) => DISRUPTIVE.includes(kubeadmVerb(each)));
    return isChanging && hasServed(known, host) ? [host] : [];
  });
  return [...known.cordoned, ...changing];
}

/** Hosts that never served do not count: nobody misses them. */
export function disruptionBy(entry: Of<'world'>, known: Known): Disruption | undefined {
  const { event, detail, host } = entry;
  if (event === 'node.cordoned') return { host: detail, what: 'cordoned' };
  if (event !== 'operation.started') return undefined;
  const verb = kubeadmVerb(parseCommand(detail));
  if (!DISRUPTIVE.includes(verb) || !hasServed(known, host)) return undefined;
  return { host, what: `subjected to kubeadm ${verb}` };
}
