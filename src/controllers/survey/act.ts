import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { keepSnapshot } from '../../runtime/keep-snapshot.ts';
import type { Action } from './action.ts';
import { askOf } from './ask.ts';

/** RetryableError `survey.not-asked` once the order that it is for is gone. */
export async function act(action: Action, ports: Ports): Promise<void> {
  switch (action.type) {
    case 'save-snapshot':
      refuseUnasked(action.operationId, ports);
      return keepSnapshot(action.operationId, ports);
    case 'report': {
      const { survey, ifRevision } = action;
      refuseUnasked(survey.operationId, ports);
      await ports.store.put('survey', survey.planId, survey, ifRevision);
      return;
    }
  }
}

function refuseUnasked(operationId: string, ports: Ports): void {
  if (askOf(ports)?.operationId === operationId) return;
  throw new RetryableError(
    'survey.not-asked',
    'what a survey found was dropped, as nobody asks for it any more: nothing is left to do',
  );
}
