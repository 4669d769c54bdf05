import { TerminalError } from '../../errors.ts';
import type { Store } from '../../ports/store.ts';
import { keepEvent } from '../../runtime/keep-event.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../state/cluster-spec.ts';
import { type Entry, SINGLETON } from '../../state/kinds.ts';
import { type SpecAnswer, specAskSchema } from '../../state/local-changes.ts';
import { type ReleaseEntries, runningReleases } from '../../state/running-releases.ts';
import { describeChange, type SpecChange, specDifference } from '../../state/spec-difference.ts';
import { specEditProblems } from '../../state/spec-edit-problems.ts';
import type { SpecContext } from '../../state/spec-problem.ts';
import { specProblems } from '../../state/spec-problems.ts';
import type { ChangePorts } from './change-ports.ts';
import { isConflict } from './is-conflict.ts';
import { keepEdition } from './keep-edition.ts';
import { keepWording } from './keep-wording.ts';
import { presentSpec } from './present-spec.ts';
import { readBody } from './read-body.ts';

/**
 * Replaces the spec, if it is still the one that was read, and keeps the one before as an edition;
 * resolves once a quorum has it on disk, or at once when nothing differs. TerminalError `spec.refused`
 * names every field that is wrong, `apply.conflict` what differs when somebody was faster.
 */
export async function editSpec(
  body: unknown,
  ports: ChangePorts,
  expectedNodes: number,
): Promise<SpecAnswer> {
  const { document, ifRevision, wording, dryRun } = readBody(specAskSchema, body);
  const present = presentSpec(ports.store);
  const wanted = judged(document, present, ports.store, expectedNodes);
  const changes = [...specDifference(present.value, wanted)];
  if (ifRevision !== undefined && ifRevision !== present.revision) {
    throw conflict(ifRevision, present.revision, changes);
  }
  if (dryRun) return { revision: present.revision, changes, wordingKept: true };
  const revision =
    changes.length === 0 ? present.revision : await write(ports, present, wanted, changes);
  return { revision, changes, wordingKept: await keepWording(ports, wording) };
}

function judged(
  document: Readonly<Record<string, unknown>>,
  present: Entry<'spec'>,
  store: Store,
  expectedNodes: number,
): ClusterSpec {
  const { data } = clusterSpecSchema.safeParse(document);
  const problems = [
    ...specProblems(document, contextOf(document, store, expectedNodes)),
    ...(data ? specEditProblems(present.value, data, runningReleases(releasesIn(store))) : []),
  ];
  if (data && problems.length === 0) return data;
  const list = problems.map(({ message }) => message).join(' ');
  throw new TerminalError(
    'spec.refused',
    `The spec is refused, judged at revision ${present.revision}: ${list}`,
  );
}

function releasesIn(store: Store): ReleaseEntries {
  return {
    nodes: store.list('node'),
    livenesses: store.list('liveness'),
    upkeeps: store.list('upkeep'),
    orders: store.list('order'),
    releases: store.list('release'),
  };
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
  attemptsLeft = 3,
): Promise<number> {
  const summary = `the spec was changed: ${changes.map(describeChange).join(', ')}`;
  const reasons = { action: 'edit-spec', summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about: null, operationId: null, reasons };
  let isAsked = false;
  try {
    return await keepEvent(ports, decided, async () => {
      await keepEdition(ports, present);
      isAsked = true;
      return ports.store.put('spec', SINGLETON, wanted, present.revision);
    });
  } catch (error) {
    // Two agents told of an edit in the same millisecond, so under one key: neither edit was refused yet.
    if (!isAsked && isConflict(error) && attemptsLeft > 0) {
      return write(ports, present, wanted, changes, attemptsLeft - 1);
    }
    const now = ports.store.get('spec', SINGLETON);
    if (!isAsked || !isConflict(error) || now === undefined) throw error;
    throw conflict(present.revision, now.revision, specDifference(now.value, wanted));
  }
}

function conflict(read: number, now: number, changes: readonly SpecChange[]): TerminalError {
  const list = changes.map(describeChange).join(', ');
  const difference = changes.length === 0 ? 'your document says the same' : `yours says ${list}`;
  // This agent may learn a moment later what the log refused the write for.
  const moved = now === read ? `since revision ${read}` : `from revision ${read} to ${now}`;
  return new TerminalError(
    'apply.conflict',
    `The spec was changed by somebody else, ${moved} (${difference}): read it again with \`civitas get spec\` and apply your change to that.`,
  );
}
