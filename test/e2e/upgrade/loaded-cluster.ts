import { type Client, startApiClient, startWebClient } from '../support/clients.ts';
import { formedCluster } from '../support/formed-cluster.ts';
import { deployGuardedWeb, guardedWebUrl, untilGuardedWebAnswers } from '../support/guarded-web.ts';
import { firstOf, machinesIn, wholeAfter } from '../support/until-whole.ts';

/**
 * New machines become one cluster of that release, with a workload that a budget guards; the clients that
 * come back ask the API and the workload without end.
 */
export async function loadedCluster(
  machines: readonly string[],
  controlPlanes: number,
  release: string,
): Promise<readonly Client[]> {
  await formedCluster({ nodes: machines.length, controlPlanes, kubernetes: release.slice(1) });
  await wholeAfter('the cluster began', { machines, controlPlanes });
  const plane = firstOf(await machinesIn('control plane', machines));
  const worker = firstOf(await machinesIn('worker', machines));
  const url = guardedWebUrl(worker);
  await deployGuardedWeb(plane, 4);
  await untilGuardedWebAnswers(plane, url);
  return Promise.all([startApiClient(plane), startApiClient(worker), startWebClient(plane, url)]);
}
