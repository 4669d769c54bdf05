import { countText } from './count-text.ts';
import type { FailureBudget, Quorum } from './failure-budget.ts';

/** Names told of nodes that must not be lost; the JSON has all. */
const MOST_NAMES = 5;

/**
 * `any 1 control plane, 3 workers, zone b; not zone a`: what may be lost now, each by itself. In a
 * frozen cluster what is missing, and which nodes would help.
 */
export function budgetSentence(budget: FailureBudget): string {
  if (budget.frozen) return `nothing: ${frozenSentence(budget)}`;
  const { controlPlanes, workers, zones } = budget;
  const may = [
    some(controlPlanes, 'control plane'),
    some(workers, 'worker'),
    ...zones.filter(({ reason }) => reason === null).map(({ zone }) => `zone ${zone}`),
  ].filter((part) => part !== '');
  const not = [...names(budget), ...zones.filter(isNeeded).map(({ zone }) => `zone ${zone}`)];
  const said = may.length === 0 ? 'nothing' : may.join(', ');
  return not.length === 0 ? said : `${said}; not ${not.join(', ')}`;
}

/** `etcd has 1 of 3 healthy and needs 2: bring back n2 or n3`. */
export function frozenSentence({ etcd, log }: FailureBudget): string {
  const parts = [lost('etcd', etcd), lost('the log', log)].filter((part) => part !== '');
  // Its nodes are heard, so it is something between them or their replicas, which a condition names.
  return parts.length === 0 ? 'the log confirms nothing' : parts.join('; ');
}

function lost(what: string, { members, healthy, needed, missing }: Quorum): string {
  if (healthy >= needed) return '';
  const short = needed - healthy;
  const cure =
    short >= missing.length
      ? `bring back ${missing.join(' and ')}`
      : `bring back ${short === 1 ? '' : `${short} of `}${missing.join(short === 1 ? ' or ' : ', ')}`;
  return `${what} has ${healthy} of ${members} healthy and needs ${needed}: ${cure}`;
}

function some({ living, mayBeLost, oneOf }: FailureBudget['workers'], word: string): string {
  if (mayBeLost === 0) return listed(oneOf).join(' or ');
  const count = countText(mayBeLost, word);
  return mayBeLost === living ? count : `any ${count}`;
}

function names({ indispensable }: FailureBudget): readonly string[] {
  return listed(indispensable.map(({ hostname }) => hostname));
}

function listed(hostnames: readonly string[]): readonly string[] {
  const more = hostnames.length - MOST_NAMES;
  return more > 0 ? [...hostnames.slice(0, MOST_NAMES), `${more} more nodes`] : hostnames;
}

function isNeeded({ reason }: FailureBudget['zones'][number]): boolean {
  return reason !== null;
}
