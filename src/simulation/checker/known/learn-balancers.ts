import type { Of } from '../rule.ts';
import type { Known } from './known.ts';
import { changed, withMember, without, withoutMember } from './maps.ts';

const NONE: ReadonlySet<string> = new Set();

export function learnBalancers(known: Known, { host, event, detail }: Of<'world'>): Known {
  const servers = known.balancers.get(host) ?? NONE;
  const set = (next: ReadonlySet<string>): Known => {
    return { ...known, balancers: changed(known.balancers, host, next) };
  };
  switch (event) {
    case 'balancer.installed':
      return set(new Set(detail.split(' ').filter((name) => name !== '')));
    case 'balancer.server-added':
      return set(withMember(servers, detail));
    case 'balancer.server-removed':
      return set(withoutMember(servers, detail));
    case 'disk.wiped':
      return { ...known, balancers: without(known.balancers, host) };
    default:
      return known;
  }
}
