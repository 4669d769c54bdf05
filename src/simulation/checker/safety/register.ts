/** Somebody asked to set the register, if it was still at a revision. */
interface Call {
  readonly host: string;
  readonly content: string;
  readonly ifRevision: number;
}

interface Edit {
  readonly log: string;
  readonly revision: number;
  readonly content: string;
}

/**
 * What happened to one register that is changed by compare-and-set. The log numbers its changes, so
 * their order is known and linearizability needs no search: each edit has to be one that was called,
 * upon the revision right before it, and whoever founds the log anew begins with the newest one.
 */
export interface RegisterHistory {
  readonly calls: readonly Call[];
  /** In the order of the log. */
  readonly committed: readonly Edit[];
  /** How many of the committed edits are safe: the last acknowledged one and all before it. */
  readonly safe: number;
}

export const noHistory: RegisterHistory = { calls: [], committed: [], safe: 0 };

export function editCalled(history: RegisterHistory, call: Call): RegisterHistory {
  return { ...history, calls: [...history.calls, call] };
}

/** Undefined when the log never held this revision. */
export function editAcknowledged(
  history: RegisterHistory,
  log: string,
  revision: number,
): RegisterHistory | undefined {
  const found = history.committed.findIndex(
    (edit) => edit.log === log && edit.revision === revision,
  );
  if (found < 0) return undefined;
  return { ...history, safe: Math.max(history.safe, found + 1) };
}

/** `asked`: by an agent, so that its call is known. */
export function editCommitted(
  history: RegisterHistory,
  edit: Edit,
  asked: boolean,
): { readonly history: RegisterHistory; readonly problem: string | undefined } {
  const last = history.committed.at(-1);
  const next = { ...history, committed: [...history.committed, edit] };
  const problem =
    last && last.log !== edit.log
      ? lostByFounding(history, last, edit)
      : (wrongOrder(last, edit) ?? (asked ? notAsked(history.calls, last, edit) : undefined));
  return { history: next, problem };
}

function wrongOrder(last: Edit | undefined, { revision }: Edit): string | undefined {
  if (last === undefined || last.revision < revision) return undefined;
  return `it comes after revision ${last.revision}`;
}

function notAsked(calls: readonly Call[], last: Edit | undefined, edit: Edit): string | undefined {
  const before = last?.revision ?? 0;
  const same = calls.filter(({ content }) => content === edit.content);
  if (same.some(({ ifRevision }) => ifRevision === before)) return undefined;
  const [meant] = same;
  if (meant === undefined) return 'nobody asked for what it holds';
  return `it took the place of revision ${before}, and ${meant.host} had asked to replace revision ${meant.ifRevision}`;
}

/** An edit that nobody was told of may be lost with its log. */
function lostByFounding({ committed, safe }: RegisterHistory, last: Edit, edit: Edit) {
  // Another cluster owes nothing to this one.
  if (clusterOf(last) !== clusterOf(edit)) return undefined;
  const kept = committed.slice(Math.max(0, safe - 1));
  if (kept.some(({ content }) => content === edit.content)) return undefined;
  return `log ${edit.log} begins with another spec than the one acknowledged before (revision ${committed[safe - 1]?.revision ?? 'none'})`;
}

function clusterOf({ log }: Edit): string {
  return log.replace(/-e\d+$/, '');
}
