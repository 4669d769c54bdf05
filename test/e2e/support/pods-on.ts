import { kubectl } from './machines.ts';

/** Node, uid and restarts of the pods of an app that are on these nodes, sorted. */
export async function podsOn(
  asked: string,
  app: string,
  nodes: readonly string[],
): Promise<readonly string[]> {
  const format =
    'jsonpath={range .items[*]}{.spec.nodeName} {.metadata.uid} {.status.containerStatuses[0].restartCount}{"\\n"}{end}';
  const pods = await kubectl(asked, 'get', 'pods', '-l', `app=${app}`, '-o', format);
  const isThere = (line: string) => nodes.some((name) => line.startsWith(`${name} `));
  return pods.split('\n').filter(isThere).sort();
}
