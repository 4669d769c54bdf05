import type { Ports } from '../ports/index.ts';
import type { Requeue } from '../state/requeue.ts';
import type { Controller } from './controller.ts';

/** How soon an action that was held back is decided upon again. */
const HELD_BACK = { type: 'requeue', afterMs: 1_000 } as const satisfies Requeue;

/** How a pass ended: what it did, and when and why to look again. */
export interface PassOutcome {
  readonly actionsDone: number;
  readonly requeue: Requeue | undefined;
}

/**
 * One pass. The first failing action ends it by throwing; the next pass starts afresh. `only`: the
 * types of the actions that may be carried out now; the others are passed over. Default: all.
 */
export async function reconcile<Observed, Action extends { readonly type: string }>(
  controller: Controller<Observed, Action>,
  ports: Ports,
  only?: readonly string[],
): Promise<PassOutcome> {
  const observed = await controller.observe(ports);
  const decided = controller.decide(observed);
  const allowed = decided.filter(
    (action) => isRequeue(action) || !only || only.includes(action.type),
  );

  let actionsDone = 0;
  for (const action of allowed) {
    if (isRequeue(action)) return { actionsDone, requeue: action };
    ports.log.info(
      { event: 'action.started', controller: controller.name, action: action.type },
      'action started',
    );
    await controller.act(action, ports);
    actionsDone += 1;
  }
  return { actionsDone, requeue: allowed.length < decided.length ? HELD_BACK : undefined };
}

function isRequeue(action: { readonly type: string }): action is Requeue {
  return action.type === 'requeue';
}
