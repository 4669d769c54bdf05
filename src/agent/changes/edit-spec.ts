import { RetryableError, TerminalError } from '../../errors.ts';
import type { Store } from '../../ports/store.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../state/cluster-spec.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { type SpecAnswer, specAskSchema } from '../../state/local-changes.ts';
import { describeChange, type SpecChange, specDifference } from '../../state/spec-difference.ts';
import { specEditProblems } from '../../state/spec-edit-problems.ts';
import type { SpecContext } from '../../state/spec-problem.ts';
import { specProblems } from '../../state/spec-problems.ts';
import type { ChangePorts } from './change-ports.ts';
import { presentSpec } from './present-spec.ts';
import { readBody } from './read-body.ts';

/**
 * Replaces the spec, if it is still the one that was read; resolves once the log acknowledged it, or
 * at once when nothing differs. TerminalError `spec.refused` names every field that is wrong,
 * `apply.conflict` what differs when somebody was faster.
 */
export async function editSpec(
  body: unknown,
  ports: ChangePorts,
  expectedNodes: number,
): Promise<SpecAnswer> {
  const { document, ifRevision, dryRun } = readBody(specAskSchema, body);
  const present = presentSpec(ports.store);
  const wanted = judged(document, present, contextOf(document, ports.store, expectedNodes));
  const changes = specDifference(present.value, wanted);
  if (ifRevision !== undefined && ifRevision !== present.revision) {
    throw conflict(ifRevision, present.revision, changes);
  }
  if (dryRun || changes.length === 0) return { revision: present.revision, changes: [...changes] };
  const revision = await write(ports, present, wanted, changes);
  return { revision, changes: [...changes] };
}

function judged(
  document: Readonly<Record<string, unknown>>,
  present: Entry<'spec'>,
  context: SpecContext,
): ClusterSpec {
  const { data } = clusterSpecSchema.safeParse(document);
  const problems = [
    ...specProblems(document, context),
    ...(data ? specEditProblems(present.value, data) : []),
  ];
  if (data && problems.length === 0) return data;
  const list = problems.map(({ message }) => message).join(' ');
  throw new TerminalError(
    'spec.refused',
    `The spec is refused, judged at revision ${present.revision}: ${list}`,
  );
}

/** People may ask for more control planes than there are machines: the cluster waits for those to come. */
function contextOf(
  { controlPlanes }: Readonly<Record<string, unknown>>,
  store: Store,
  expectedNodes: number,
): SpecContext {
  const wanted = typeof controlPlanes === 'number' ? controlPlanes : 0;
  const nodes = Math.max(expectedNodes, store.list('node').length, wanted);
  // Networks never change, so what the hosts' are is nothing that an edit could cure.
  return { expectedNodes: nodes, hostNetworks: [] };
}

async function write(
  ports: ChangePorts,
  present: Entry<'spec'>,
  wanted: ClusterSpec,
  changes: readonly SpecChange[],
): Promise<number> {
  const summary = `the spec was changed: ${changes.map(describeChange).join(', ')}`;
  const reasons = { action: 'edit-spec', summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about: null, operationId: null, reasons };
  try {
    return await keepEvent(ports, decided, () =>
      ports.store.put('spec', SINGLETON, wanted, present.revision),
    );
  } catch (error) {
    const now = ports.store.get('spec', SINGLETON);
    if (!isConflict(error) || now === undefined) throw error;
    throw conflict(present.revision, now.revision, specDifference(now.value, wanted));
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof RetryableError && error.code === 'store.conflict';
}

function conflict(read: number, now: number, changes: readonly SpecChange[]): TerminalError {
  const list = changes.map(describeChange).join(', ');
  const difference = changes.length === 0 ? 'your document says the same' : `yours says ${list}`;
  return new TerminalError(
    'apply.conflict',
    `The spec was changed by somebody else, from revision ${read} to ${now} (${difference}): read it again with \`civitas get spec\` and apply your change to that.`,
  );
}
