import { disturbsControlPlane, isManifest } from '../../state/drift.ts';
import type { Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Action } from './action.ts';
import { isEnding, isOf, NO_BASELINE, nextBaseline } from './baseline.ts';
import { findDeviations, isUnseen } from './find-deviations.ts';
import { isStill } from './find-files.ts';
import type { Finding } from './finding.ts';
import type { Observed, Serving } from './observed.ts';
import {
  deviationsOf,
  mayRepair,
  nextBook,
  pruned,
  type RepairBook,
  withoutDue,
  withRepair,
} from './repair-book.ts';
import { WATCHED_FILES } from './watched-files.ts';

const LOOK_AGAIN_MS = 5_000;
const FORGET = { type: 'keep-baseline', baseline: NO_BASELINE } as const;

/** One step: a baseline, what is to be remembered or told, or the repair of one thing. */
export function decide(observed: Observed): readonly (Action | Requeue)[] {
  switch (observed.state) {
    case 'not-serving':
      return [];
    case 'under-way':
      return begin(observed);
    case 'serving':
      return serve(observed);
  }
}

function begin({ baseline, pending }: Extract<Observed, { state: 'under-way' }>) {
  if (pending === undefined || baseline.pending === pending) return [];
  return [{ type: 'keep-baseline', baseline: { ...baseline, pending } } as const];
}

function serve(observed: Serving): readonly (Action | Requeue)[] {
  const { baseline, mark, book: before, policy, wallMs, turn } = observed;
  if (baseline.pending !== null) {
    const isKnown = isEnding(baseline.pending, mark);
    return isKnown ? [takeBaseline(observed)] : [FORGET];
  }
  // Nobody knows how the host was left: there is nothing to compare it with (S17).
  if (baseline.of === null) return [];
  if (!isOf(baseline, mark)) return [FORGET];

  const findings = findDeviations(observed);
  const stays = (item: string) => turn.settling.has(item) || isUnseen(observed, item);
  const book = nextBook(before, { findings, stays, policy, wallMs });
  if (!sameValue(book, before)) return [{ type: 'remember', book: pruned(book, wallMs) }];
  const told = tell(observed, book);
  if (told) return [told];
  const late = finish(book, findings);
  if (late) return late;
  return policy === 'report' ? [] : repair(observed, book, findings);
}

function takeBaseline({ baseline, mark, book, host }: Serving): Action {
  const deviating = WATCHED_FILES.filter(({ item, path }) => {
    const known = book.items.find((each) => each.item === item && each.present);
    return known !== undefined && isStill(known.found, host.files.get(path));
  });
  return {
    type: 'keep-baseline',
    baseline: nextBaseline({
      before: baseline,
      mark,
      files: host.files,
      deviating: new Set(deviating.map(({ path }) => path)),
    }),
  };
}

function tell(observed: Serving, book: RepairBook): Action | undefined {
  const { nodeId, incarnation, reported } = observed;
  const deviations = [...deviationsOf(book)];
  if (sameValue(reported?.value.deviations ?? [], deviations)) return undefined;
  // The others wait for whoever told of it first: a word in between would give that place away.
  const holdsPlace = reported !== undefined && disturbsControlPlane(reported.value);
  if (holdsPlace && disturbsControlPlane({ deviations })) return undefined;
  const drift = deviations.length === 0 ? null : { nodeId, incarnation, deviations };
  return { type: 'tell', drift, ifRevision: reported?.revision ?? 0 };
}

function finish(book: RepairBook, findings: readonly Finding[]): readonly Action[] | undefined {
  const names = new Set(findings.map(({ item }) => item));
  const late = book.items.find(({ item, due }) => due !== null && !names.has(item));
  if (!late?.due) return undefined;
  return [{ type: 'finish', due: late.due, book: withoutDue(book, late.item) }];
}

/** One at a time, in the order in which they are looked at. */
function repair(
  { turn, wallMs }: Serving,
  book: RepairBook,
  findings: readonly Finding[],
): readonly (Action | Requeue)[] {
  const open = findings.filter(({ item, repair }) => {
    const known = book.items.find((each) => each.item === item);
    return repair !== undefined && known !== undefined && mayRepair(known, wallMs);
  });
  // The join that is waited for may need what is gone.
  const disturbs = ({ item, isGone }: Finding) => isManifest(item) && !isGone && !turn.servesAnyway;
  const chosen = open.find((finding) => !disturbs(finding) || !turn.why);
  if (chosen?.repair) {
    const { repair: way } = chosen;
    const due = way.type === 'file' && way.afterwards !== 'nothing' ? way.afterwards : null;
    const after = withRepair(book, chosen.item, { wallMs, due });
    const action = { type: 'repair', finding: chosen, repair: way, book: after } as const;
    return [{ ...action, disturbs: disturbs(chosen) }];
  }
  return isUnderWay(book) ? [later(open.length > 0 ? turn.why : undefined)] : [];
}

/** Something waits, or was repaired a moment ago. */
function isUnderWay({ items }: RepairBook): boolean {
  return items.some(({ present, kept, repairable }) => present && !kept && repairable);
}

function later(why: string | undefined): Requeue {
  const message = why && `waiting to put a manifest of this control plane back: ${why}`;
  const waiting = message && { reason: 'drift', message: message.slice(0, 1_000) };
  return { type: 'requeue', afterMs: LOOK_AGAIN_MS, ...(waiting && { waiting }) };
}
