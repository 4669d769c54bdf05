import type { Requeue } from '../../state/requeue.ts';
import { sameValue } from '../../state/same-value.ts';
import type { Finding } from '../../state/survey.ts';
import type { Action } from './action.ts';
import { etcdTroubles, findEtcd } from './find-etcd.ts';
import { findInLog } from './find-in-log.ts';
import { findNodes } from './find-nodes.ts';
import { findWorkloads } from './find-workloads.ts';
import { finding } from './finding.ts';
import type { Observed, Survey } from './observed.ts';

const LOOK_AGAIN_MS = 10_000;

/** What this control plane finds of all that a rollout may fail of; nothing while nobody asks. */
export function decide({ survey, nodeId, wallMs }: Observed): readonly (Action | Requeue)[] {
  if (survey === undefined) return [];
  const { ask, entry } = survey;
  const { operationId, planId } = ask;
  if (isSnapshotDue(survey)) return [{ type: 'save-snapshot', operationId }];
  const findings = [...findingsOf(survey, wallMs)];
  const look: Requeue = { type: 'requeue', afterMs: LOOK_AGAIN_MS };
  const before = entry?.value;
  if (before?.operationId === operationId && sameValue(before.findings, findings)) return [look];
  const surveyedWallMs = Math.max(0, Math.round(wallMs));
  const found = { planId, operationId, by: nodeId, findings, surveyedWallMs };
  return [{ type: 'report', survey: found, ifRevision: entry?.revision ?? 0 }, look];
}

/** Before anything is told, as who reads that all passed begins at once. */
function isSnapshotDue({ cluster, snapshot }: Survey): boolean {
  if ('unseen' in cluster || snapshot !== undefined) return false;
  return etcdTroubles(cluster.health).length === 0;
}

function findingsOf(survey: Survey, wallMs: number): readonly Finding[] {
  const { cluster, snapshot } = survey;
  const inLog = findInLog(survey, wallMs);
  if ('unseen' in cluster) return [finding('api-server', [cluster.unseen], ''), ...inLog];
  return [
    ...findNodes(survey, cluster, wallMs),
    ...findEtcd(cluster.health, snapshot),
    ...inLog,
    ...findWorkloads(survey, cluster),
  ];
}
