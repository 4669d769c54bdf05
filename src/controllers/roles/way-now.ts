import { isAlive } from '../../state/node-facts.ts';
import { type PromotionWay, promotionWay } from '../../state/promotion-way.ts';
import { type Plan, releaseFor } from './draft.ts';

/**
 * How the next worker becomes a control plane. While one whose promotion failed is on its way to join
 * anew, nobody is tried in its place.
 */
export function wayNow(plan: Plan): PromotionWay {
  const { roster, situation, spec } = plan;
  const onItsWay = [...situation.fallingBack].flatMap((nodeId) => {
    const facts = roster.facts.get(nodeId);
    const isLeaving = roster.obstacles.get(nodeId)?.reason === 'departing';
    return facts && isLeaving && isAlive(facts) && !facts.leaving ? [facts.node.hostname] : [];
  });
  const [hostname] = onItsWay;
  if (hostname === undefined)
    return promotionWay(spec.replacement, releaseFor(plan).kubernetesVersion);
  return { way: 'rejoin', why: `the promotion of ${hostname} failed under its pods` };
}
