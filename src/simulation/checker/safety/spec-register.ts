import { canonicalJson } from '../../../state/canonical-json.ts';
import { entryPath } from '../../../state/keys.ts';
import { SINGLETON } from '../../../state/kinds.ts';
import { moment } from '../known/questions.ts';
import { invariant, type Of } from '../rule.ts';
import {
  editAcknowledged,
  editCalled,
  editCommitted,
  noHistory,
  type RegisterHistory,
} from './register.ts';

const SPEC_PATH = entryPath('spec', SINGLETON);

/** The spec as a register that is changed by compare-and-set, over all epochs of the log. */
export const specRegister = invariant({
  id: 'S8',
  title: 'No acknowledged edit is lost',
  rule: 'The spec changes only by the edits that were asked for, each whole and upon the revision that it names, and an acknowledged one is in every later spec.',
  hears: ['agent.called', 'log.committed', 'log.acknowledged'],
  initial: noHistory,
  step(state, entry) {
    switch (entry.type) {
      case 'agent.called':
        return { state: afterCall(state, entry) };
      case 'log.committed':
        return isSpec(entry) ? afterCommit(state, entry) : { state };
      case 'log.acknowledged':
        return isSpec(entry) ? afterAcknowledgement(state, entry) : { state };
    }
  },
});

function isSpec({ kind, key }: Of<'log.committed' | 'log.acknowledged'>): boolean {
  return kind === 'spec' && key === SINGLETON;
}

function afterCall(state: RegisterHistory, { call, args, host }: Of<'agent.called'>) {
  const [path, text, ifRevision] = args;
  if (call !== 'log.write' || path !== SPEC_PATH || typeof text !== 'string') return state;
  return editCalled(state, { host, content: canonicalText(text), ifRevision: Number(ifRevision) });
}

function afterCommit(state: RegisterHistory, entry: Of<'log.committed'>) {
  const { log, revision, value, by, atMs } = entry;
  if (value === null) {
    return { state, broken: `the spec was removed at ${moment(atMs)} (revision ${revision})` };
  }
  const edit = { log, revision, content: canonicalJson(value) };
  const { history, problem } = editCommitted(state, edit, by !== null);
  const broken = problem && `the spec of revision ${revision} at ${moment(atMs)}: ${problem}`;
  return { state: history, broken };
}

function afterAcknowledgement(state: RegisterHistory, entry: Of<'log.acknowledged'>) {
  const { log, revision, host, atMs } = entry;
  const next = editAcknowledged(state, log, revision);
  if (next !== undefined) return { state: next };
  const broken = `${host} was told at ${moment(atMs)} that its spec is revision ${revision}, which the log never held`;
  return { state, broken };
}

function canonicalText(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}
