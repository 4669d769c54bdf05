import type { Ports } from '../../ports/index.ts';
import { snapshotOf } from '../../state/etcd-snapshot-name.ts';
import { keptPods } from '../../state/kept-pods.ts';
import { SINGLETON } from '../../state/kinds.ts';
import { SNAPSHOTS_FOLDER } from '../../state/kubernetes-paths.ts';
import { askOf } from './ask.ts';
import { observeCluster } from './observe-cluster.ts';
import { observeNodes } from './observe-nodes.ts';
import type { Observed, Survey } from './observed.ts';

/** Looks at nothing while nobody asks. */
export async function observe(ports: Ports): Promise<Observed> {
  const { clock, self } = ports;
  return { nodeId: self.nodeId, wallMs: clock.wallMs(), survey: await surveyOf(ports) };
}

async function surveyOf(ports: Ports): Promise<Survey | undefined> {
  const { files, store } = ports;
  const ask = askOf(ports);
  if (ask === undefined) return undefined;
  const nodes = observeNodes(ask, store);
  const spec = store.get('spec', SINGLETON)?.value;
  return {
    ask,
    entry: store.get('survey', ask.planId),
    nodes,
    keeps: keptPods(spec),
    specConfiguration: spec?.kubeadm.clusterConfiguration ?? {},
    snapshot: snapshotOf(ask.operationId, await files.list(SNAPSHOTS_FOLDER)),
    cluster: await observeCluster(ask.kubernetesVersion, nodes, ports),
  };
}
