import type { Of } from '../rule.ts';
import type { Known } from './known.ts';
import { learnBalancers } from './learn-balancers.ts';
import { learnCommands } from './learn-commands.ts';
import { learnCuts } from './learn-troubles.ts';
import { changed, withMember, without, withoutMember } from './maps.ts';

/** What the journal of the simulated world tells. */
export function learnWorld(known: Known, entry: Of<'world'>): Known {
  const [topic] = entry.event.split('.');
  switch (topic) {
    case 'operation':
      return learnCommands(known, entry);
    case 'network':
      return learnCuts(known, entry);
    case 'balancer':
      return learnBalancers(known, entry);
    case 'node':
      return learnCordons(known, entry);
    case 'clock': {
      const { host, detail } = entry;
      return { ...known, wallOffsetsMs: changed(known.wallOffsetsMs, host, Number(detail)) };
    }
    case 'power':
      return learnCommands(known, entry);
    case 'disk':
      return learnWipe(learnBalancers(learnCommands(known, entry), entry), entry);
    case 'state':
      return learnWipe(known, entry);
    default:
      return known;
  }
}

function learnCordons(known: Known, { event, detail }: Of<'world'>): Known {
  switch (event) {
    case 'node.cordoned':
      return { ...known, cordoned: withMember(known.cordoned, detail) };
    case 'node.uncordoned':
    case 'node.deleted':
      return { ...known, cordoned: withoutMember(known.cordoned, detail) };
    default:
      return known;
  }
}

/** Whatever it held of a cluster is gone; `state.set-back` leaves the rest of the machine as it was. */
function learnWipe(known: Known, { host }: Of<'world'>): Known {
  return { ...known, records: without(known.records, host) };
}
