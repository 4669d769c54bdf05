import type { Store } from '../ports/store.ts';
import type { AgentView } from '../state/agent-view.ts';

/** All that nodes say was changed by hand, in order of host name. */
export function driftOf(store: Pick<Store, 'get' | 'list'>): AgentView['drift'] {
  return store
    .list('drift')
    .flatMap(({ key, value: { deviations, incarnation } }) => {
      const node = store.get('node', key)?.value;
      if (node?.incarnation !== incarnation) return [];
      return deviations.map((deviation) => ({ hostname: node.hostname, ...deviation }));
    })
    .sort((a, b) => a.hostname.localeCompare(b.hostname, 'en', { numeric: true }));
}
