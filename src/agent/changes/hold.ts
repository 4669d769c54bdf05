import { keepEvent } from '../../runtime/keep-event.ts';
import { newestRevision } from '../../runtime/newest-revision.ts';
import { holdAskSchema, type Written } from '../../state/local-changes.ts';
import { rolloutToHold } from '../../state/refuse-hold.ts';
import type { Hold } from '../../state/rollout.ts';
import { isOver, progressOf } from '../../state/rollout-under-way.ts';
import type { ChangePorts } from './change-ports.ts';
import { presentSpec } from './present-spec.ts';
import { readBody } from './read-body.ts';

const DONE: Readonly<Record<Hold['word'], string>> = {
  pause: 'is to pause at the next safe point',
  resume: 'is to go on',
  cancel: 'is to end at the next safe point',
};

/**
 * Pauses, resumes or cancels a rollout; once said, the same answer again. Words about rollouts that
 * are over go with it. Rejects with `agent.bad-request`, and as `rolloutToHold` throws.
 */
export async function hold(body: unknown, ports: ChangePorts): Promise<Written> {
  const { planId: named, word } = readBody(holdAskSchema, body);
  const { clock, store } = ports;
  const { key: planId } = rolloutToHold({ planId: named, word }, contextIn(ports));
  const summary = `the rollout ${planId} ${DONE[word]}`;
  const standing = store.get('hold', planId);
  const failedAt = progressOf(planId, { progresses: store.list('progress') })?.pausedRevision ?? 0;
  if (standing?.value.word === word && standing.revision > failedAt) {
    return { revision: standing.revision, summary };
  }

  await removeSettled(ports);
  const reasons = { action: word, summary, guards: [], rejected: [] };
  const decided = { controller: 'people', term: null, about: null, operationId: null, reasons };
  const said: Hold = { planId, word, saidWallMs: Math.round(clock.wallMs()) };
  const revision = await keepEvent(ports, decided, () =>
    store.put('hold', planId, said, standing?.revision ?? 0),
  );
  return { revision, summary };
}

function contextIn({ store }: ChangePorts) {
  return {
    rollouts: store.list('rollout'),
    progresses: store.list('progress'),
    holds: store.list('hold'),
    pausedBySpec: presentSpec(store).value.upgrade.paused,
    revision: newestRevision(store),
  };
}

async function removeSettled({ store }: ChangePorts): Promise<void> {
  const progresses = store.list('progress');
  const settled = store.list('hold').filter(({ key }) => {
    return store.get('rollout', key) === undefined || isOver(key, { progresses });
  });
  for (const { key, revision } of settled) await store.remove('hold', key, revision);
}
