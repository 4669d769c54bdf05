import type { Proposer } from '../../../formation/genesis/state.ts';

/** A proposer without the order in which votes came to it: that decides nothing. */
export function orderless<Value>(proposer: Proposer<Value>) {
  switch (proposer.phase) {
    case 'idle':
      return proposer;
    case 'preparing':
      return { ...proposer, promises: proposer.promises.map((one) => JSON.stringify(one)).sort() };
    case 'accepting':
      return { ...proposer, acceptedBy: proposer.acceptedBy.toSorted() };
  }
}
