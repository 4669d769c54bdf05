import { agentFaults } from './agent-faults.ts';
import { diskFaults } from './disk-faults.ts';
import type { FaultKind } from './fault.ts';
import type { FaultEffect } from './fault-effect.ts';
import { kubeadmFaults } from './kubeadm-faults.ts';
import { logFaults } from './log-faults.ts';
import { machineFaults } from './machine-faults.ts';
import { networkFaults } from './network-faults.ts';

/** What each kind does to a fleet. */
export const faultEffects: Readonly<Record<FaultKind, FaultEffect>> = {
  ...agentFaults,
  ...machineFaults,
  ...networkFaults,
  ...diskFaults,
  ...logFaults,
  ...kubeadmFaults,
};
