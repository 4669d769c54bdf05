import type { Acceptor } from '../../../../src/formation/genesis/acceptor.ts';
import { type Ballot, compareBallots } from '../../../../src/formation/genesis/ballot.ts';
import { quorumSize } from '../../../../src/formation/genesis/quorum.ts';
import type { Roll } from '../../../../src/formation/genesis/roll.ts';
import { instanceOf, type Value } from '../genesis-config.ts';

/** Who voted, and whom each had heard of by then. */
type Voters = Map<string, ReadonlySet<string>>;

interface Page {
  readonly ballot: Ballot;
  readonly roll: Roll;
  readonly promised: Voters;
  readonly accepted: Voters;
  value: string | null;
}

/** Sees every durable vote, which no node does. */
export function createBallotBook() {
  const pages = new Map<string, Page>();

  function pageOf(ballot: Ballot, roll: Roll): Page {
    const key = `${ballot.round}/${ballot.nodeId}`;
    const known = pages.get(key);
    if (known) return known;
    const blank = { ballot, roll, promised: new Map(), accepted: new Map(), value: null };
    pages.set(key, blank);
    return blank;
  }

  return {
    note(nodeId: string, own: Acceptor<Value>, heardOf: () => ReadonlySet<string>) {
      const { promised, accepted, roll } = own;
      if (promised) add(pageOf(promised, roll).promised, nodeId, heardOf);
      if (!accepted) return;
      const page = pageOf(accepted.ballot, roll);
      add(page.accepted, nodeId, heardOf);
      page.value = accepted.value.id;
    },

    /**
     * Whether a decision and the first ballot against it come from voters without contact: on
     * either side one of whom nobody on the other side had heard when voting.
     */
    isExcused(expectedNodes: number): boolean {
      const instance = instanceOf(expectedNodes);
      const inOrder = [...pages.values()].sort((left, right) =>
        compareBallots(left.ballot, right.ballot),
      );
      const chosen = inOrder.findIndex(({ accepted, roll }) => {
        return accepted.size >= quorumSize(instance, roll);
      });
      const decision = inOrder[chosen];
      const rival = inOrder
        .slice(chosen + 1)
        .find(({ value }) => value && value !== decision?.value);
      if (!decision || !rival) return false;
      return (
        hasStranger(decision.accepted, rival.promised) &&
        hasStranger(rival.promised, decision.accepted)
      );
    },
  };
}

function add(voters: Voters, nodeId: string, heardOf: () => ReadonlySet<string>) {
  if (!voters.has(nodeId)) voters.set(nodeId, heardOf());
}

function hasStranger(some: Voters, others: Voters): boolean {
  const views = [...others.values()];
  return [...some.keys()].some((nodeId) => views.every((heardOf) => !heardOf.has(nodeId)));
}
