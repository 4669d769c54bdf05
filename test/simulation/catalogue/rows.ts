import { clusterRows } from './cluster-rows.ts';
import { diskRows } from './disk-rows.ts';
import { editRows } from './edit-rows.ts';
import type { FaultRow } from './fault-row.ts';
import { formationRows } from './formation-rows.ts';
import { networkRows } from './network-rows.ts';
import { processRows } from './process-rows.ts';
import { stepRows } from './step-rows.ts';

/** The catalogue: every fault that civitas is held to, in order. */
export const faultRows: readonly FaultRow[] = [
  ...formationRows,
  ...stepRows,
  ...networkRows,
  ...diskRows,
  ...clusterRows,
  ...editRows,
  ...processRows,
];
