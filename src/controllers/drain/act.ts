import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import { cordon, evictOnce, uncordon } from '../../runtime/empty-node.ts';
import { CORDON_MARK, OUTDATED_TAINT } from '../../state/drain-marks.ts';
import { maySponsor } from '../../state/sponsorship.ts';
import type { Action, Cordoned } from './action.ts';
import { asksOf } from './asks.ts';
import { cordonReasons, keepWhatCame, releaseReasons } from './because.ts';
import type { Ask } from './observed.ts';

export async function act(action: Action, ports: Ports): Promise<void> {
  const { kube, store } = ports;
  switch (action.type) {
    case 'report':
      await store.put('drain', action.drain.nodeId, action.drain, action.ifRevision);
      return;
    case 'cordon':
      refuseUnasked(action.of, ports);
      await cordon(action.of.hostname, action.of.operationId, kube);
      return keepWhatCame(action.of, cordonReasons(action.of), ports);
    case 'evict':
      refuseUnasked(action.of, ports);
      return evictOnce(action.of.hostname, action.pod, kube);
    case 'uncordon':
      return release(action.of, action.why, ports);
    case 'mark-outdated':
      return kube.addTaint(action.node, OUTDATED_TAINT);
    case 'unmark-outdated':
      return kube.removeTaint(action.node, OUTDATED_TAINT);
  }
}

/** RetryableError `drain.not-asked` for a step that was decided from a state of things that is no more. */
function refuseUnasked(of: Ask, ports: Ports): void {
  const { leases, self, store } = ports;
  const acts = maySponsor(self.nodeId, store, leases.sinceLogFailoverMs());
  const asked = acts ? asksOf(ports) : [];
  const same = asked.find(({ operationId }) => operationId === of.operationId);
  if (same?.work === 'under-way' && !same.lastControlPlane && !same.recalled) return;
  throw new RetryableError(
    'drain.not-asked',
    `a step of the drain of ${of.hostname} was dropped, as what it was decided from changed: it is decided anew`,
  );
}

/** By now the cordon may be another's, who marked it for an operation of its own. */
async function release(of: Cordoned, why: string, ports: Ports): Promise<void> {
  const marks = await ports.kube.nodeMarks(of.hostname);
  if (marks?.labels[CORDON_MARK] !== of.operationId) return;
  await uncordon(of.hostname, ports.kube);
  await keepWhatCame(of, releaseReasons(of, why), ports);
}
