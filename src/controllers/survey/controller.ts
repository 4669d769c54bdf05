import type { Controller } from '../../runtime/controller.ts';
import { act } from './act.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Looks, on the control plane that an order names for it, at everything that a rollout may fail of, and
 * again every ten seconds while the order stands. It changes nothing but that a snapshot of etcd is saved.
 */
export function createSurvey(): Controller<Observed, Action> {
  return {
    name: 'survey',
    scope: 'node',
    inputs: ['order'],
    outputs: ['survey'],
    settledLookMs: 60_000,
    observe,
    decide,
    act,
  };
}
