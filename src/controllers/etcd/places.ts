import { isVoid } from '../../state/fencing.ts';
import type { Entry } from '../../state/kinds.ts';
import { isAlive, type LogEntries, nodeFacts } from '../../state/node-facts.ts';
import type { NodeId } from '../../state/node-id.ts';
import { controlPlaneTrouble, isServing } from '../../state/unfinished.ts';
import type { Place } from './observed.ts';

interface PlaceLog extends LogEntries {
  readonly leadership: Entry<'leadership'> | undefined;
  readonly operations: readonly Entry<'operation'>[];
}

interface Places {
  /** Control planes that serve and are alive, also those that are not whole. */
  readonly controlPlanes: readonly Place[];
  /** Of those that are whole, the one with the lowest node id; the only one, whatever it lacks. */
  readonly caretaker: NodeId | undefined;
}

/** Everybody comes to the same answer from the same log; two that differ for a moment do no harm. */
export function placesOf(log: PlaceLog): Places {
  const facts = nodeFacts(log);
  const serving = log.assignments
    .filter((entry) => entry.value.role === 'control-plane' && !isVoid(entry, log))
    .flatMap(({ value }) => {
      const each = facts.get(value.nodeId);
      const serves = each && isAlive(each) && isServing(value, each.status);
      return serves ? [{ node: each.node, trouble: controlPlaneTrouble(value, each) }] : [];
    });
  const able = serving.filter(({ trouble }) => trouble === undefined || serving.length === 1);
  return {
    controlPlanes: serving.map(({ node: { nodeId, hostname, addresses } }) => {
      return { nodeId, hostname, addresses };
    }),
    caretaker: able.map(({ node }) => node.nodeId).sort()[0],
  };
}
