import { describe, expect, test } from '@jest/globals';
import { type ApprovalContext, planToApprove } from '../../src/state/refuse-approval.ts';
import { entry, id, liveness, node } from '../support/controllers-entries.ts';
import { keyed, plan } from '../support/why-entries.ts';

const planEntry = (planId: string, revision: number, overrides = {}) =>
  keyed('plan', planId, plan(planId, overrides), revision);

/** n2 is dead, and n4 is to take its place. */
function log(differs: Partial<ApprovalContext> = {}): ApprovalContext {
  return {
    plans: [planEntry('replace-n2-30', 31)],
    nodes: [entry('node', node(2)), entry('node', node(4))],
    livenesses: [entry('liveness', liveness(2, { verdict: 'dead' }))],
    rollouts: [],
    revision: 40,
    ...differs,
  };
}

function refusal(planId: string, context: ApprovalContext): string {
  try {
    planToApprove(planId, context);
    return 'none';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${message} [${code}]`;
  }
}

test('a plan that still holds may be approved', () => {
  expect(planToApprove('replace-n2-30', log())).toEqual(planEntry('replace-n2-30', 31));
});

describe('a plan may not be approved', () => {
  const OUTDATED = 'The plan replace-n2-30 was made at revision 30, and at revision 40 ';
  const END = ': see `civitas get plans`. [plan.outdated]';

  test.each([
    {
      when: 'there is none any more',
      context: log({ plans: [] }),
      sentence:
        'There is no plan replace-n2-30 at revision 40, or no more: none waits. [plan.unknown]',
    },
    {
      when: 'there are only others',
      context: log({ plans: [planEntry('replace-n3-30', 31, { nodeId: id(3) })] }),
      sentence:
        'There is no plan replace-n2-30 at revision 40, or no more: choose from replace-n3-30. [plan.unknown]',
    },
    {
      when: 'there is only a rollout',
      context: log({ plans: [], rollouts: ['upgrade-v1-35-1-57'] }),
      sentence:
        'There is no plan replace-n2-30 at revision 40, or no more: choose from upgrade-v1-35-1-57. [plan.unknown]',
    },
    {
      when: 'a newer one is about the same node',
      context: log({ plans: [planEntry('replace-n2-30', 31), planEntry('replace-n2-35', 36)] }),
      sentence: `${OUTDATED}replace-n2-35 has taken its place${END}`,
    },
    {
      when: 'the machine was wiped meanwhile',
      context: log({ nodes: [entry('node', node(2, { incarnation: 2 }))] }),
      sentence: `${OUTDATED}n2 is no longer the machine that it is about${END}`,
    },
    {
      when: 'the node is alive again',
      context: log({ livenesses: [entry('liveness', liveness(2))] }),
      sentence: `${OUTDATED}n2 is alive again${END}`,
    },
    {
      when: 'whoever was to take the place died',
      context: log({ livenesses: [entry('liveness', liveness(4, { verdict: 'dead' }))] }),
      sentence: `${OUTDATED}n4, which was to take the place, is dead${END}`,
    },
  ])('when $when', ({ context, sentence }) => {
    expect(refusal('replace-n2-30', context)).toBe(sentence);
  });
});
