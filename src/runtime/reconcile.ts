import type { Ports } from '../ports/index.ts';
import type { Requeue } from '../state/requeue.ts';
import type { Controller } from './controller.ts';

/** How a pass ended: what it did, and when and why to look again. */
export interface PassOutcome {
  readonly actionsDone: number;
  readonly requeue: Requeue | undefined;
}

/** One pass. The first failing action ends it by throwing; the next pass starts afresh. */
export async function reconcile<Observed, Action extends { readonly type: string }>(
  controller: Controller<Observed, Action>,
  ports: Ports,
): Promise<PassOutcome> {
  const observed = await controller.observe(ports);

  let actionsDone = 0;
  for (const action of controller.decide(observed)) {
    if (isRequeue(action)) return { actionsDone, requeue: action };
    ports.log.info(
      { event: 'action.started', controller: controller.name, action: action.type },
      'action started',
    );
    await controller.act(action, ports);
    actionsDone += 1;
  }
  return { actionsDone, requeue: undefined };
}

function isRequeue(action: { readonly type: string }): action is Requeue {
  return action.type === 'requeue';
}
