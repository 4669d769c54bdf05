import { UPGRADE_FOLDER } from '../../state/kubernetes-paths.ts';
import type { Action } from './action.ts';
import { renderCommands, renderNames } from './commands.ts';
import { type Course, OFTEN_MS, SOON_MS, STEP_MS, wait, watch } from './course.ts';
import { booting, missingRelease } from './decide-gates.ts';
import { keepAfter, step, type Work } from './work.ts';

/** All four start at once, in less than ten seconds. */
const SERVERS_START_MS = 120_000;
const RENDERS = 'makes manifests of the release';
const SWAPS = 'swaps its static pods';

/**
 * kubeadm's checks, then the manifests that it would write itself. Whatever goes wrong here leaves it all
 * to kubeadm, which says better what is wrong; nothing of the host was touched.
 */
export function renderManifests(work: Work): Course {
  const { sight } = work;
  const { commands = [], manifests = 'missing' } = sight.render ?? {};
  const index = commands.findIndex(
    (command) => command.phase !== 'ended' || command.outcome !== 'succeeded',
  );
  if (index >= 0) return runNext(work, index);
  if (manifests !== 'different') return step(work, { type: 'ahead.ruled-out' }, RENDERS);
  if (sight.etcdTrouble !== null) {
    const message = `waiting until etcd can do without its member here: ${sight.etcdTrouble}`;
    return wait(RENDERS, { reason: 'etcd-not-healthy', message }, SOON_MS);
  }
  return {
    ...watch(SWAPS),
    actions: [{ type: 'sync-files' }, keepAfter(work, { type: 'manifests.rendered' })],
    lookAgainMs: OFTEN_MS,
  };
}

function runNext(work: Work, index: number): Course {
  const { order, sight } = work;
  const command = sight.render?.commands[index];
  if (command?.phase === 'running') return { ...watch(RENDERS), lookAgainMs: OFTEN_MS };
  if (command?.phase === 'ended' || sight.inStateForMs >= STEP_MS) {
    return step(work, { type: 'ahead.ruled-out' }, RENDERS);
  }
  const closed = booting(work) ?? missingRelease(work);
  if (closed) return closed;
  const { isControlPlane, ignorePreflightErrors } = sight;
  const kubeadm = `${sight.presence.folder}/kubeadm`;
  const argv = renderCommands({ order, kubeadm, isControlPlane, ignorePreflightErrors })[index];
  const name = renderNames(order.operationId)[index];
  if (argv === undefined || name === undefined) {
    return step(work, { type: 'ahead.ruled-out' }, RENDERS);
  }
  const { kubernetesVersion } = order;
  const config: readonly Action[] =
    index === 0 ? [] : [{ type: 'write-render-config', kubernetesVersion }];
  return {
    ...watch(RENDERS),
    actions: [...config, { type: 'start-command', name, argv }],
    lookAgainMs: OFTEN_MS,
  };
}

/** With the kubelet stopped; whoever dies in between does all of it again. */
export function swapAhead(work: Work): Course {
  const { sight } = work;
  const closed = booting(work);
  if (closed) return closed;
  if (sight.inStateForMs >= STEP_MS) {
    const reason = 'the static pods could not be swapped within five minutes';
    return step(work, { type: 'proof.missing', reason }, SWAPS);
  }
  if (sight.render?.manifests === 'missing') return step(work, { type: 'ahead.ruled-out' }, SWAPS);
  return {
    ...watch(SWAPS),
    actions: [{ type: 'swap-static-pods' }, keepAfter(work, { type: 'static-pods.swapped' })],
    lookAgainMs: OFTEN_MS,
  };
}

/** What the way there has left. */
export function tidyAhead({ order }: Work): readonly Action[] {
  return [
    ...renderNames(order.operationId).map((name) => ({ type: 'forget-command', name }) as const),
    { type: 'remove-tree', path: UPGRADE_FOLDER },
  ];
}

/**
 * Manifests that were swapped go back the same way: their kubelet would take minutes. It need not be told
 * where none was.
 */
export function stopBeforePuttingBack({ sight }: Work): readonly Action[] {
  return sight.isChanged ? [{ type: 'stop-static-pods' }] : [];
}

/** kubeadm does the rest as soon as it finds servers that answer. */
export function awaitServers(work: Work): Course {
  const text = 'waits for its servers to start';
  const { trouble, inStateForMs } = work.sight;
  if (trouble === null) return step(work, { type: 'servers.started' }, text);
  if (inStateForMs < SERVERS_START_MS) return { ...watch(text), lookAgainMs: OFTEN_MS };
  const reason = `its servers of ${work.order.kubernetesVersion} did not start within two minutes: ${trouble}`;
  return step(work, { type: 'proof.missing', reason }, text);
}
