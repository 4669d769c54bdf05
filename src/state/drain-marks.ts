/**
 * Label on a Node that civitas cordoned; its value is the operation. A cordon without it is one of
 * people, and stays.
 */
export const CORDON_MARK = 'civitas.dev/cordoned-for';

/** On workers that a rollout has yet to come to: new pods go elsewhere where they can. */
export const OUTDATED_TAINT = {
  key: 'civitas.dev/outdated',
  value: 'true',
  effect: 'PreferNoSchedule',
} as const;
