import { addressFaults } from './address-faults.ts';
import { agentFaults } from './agent-faults.ts';
import { configurationFaults } from './configuration-faults.ts';
import { diskFaults } from './disk-faults.ts';
import type { FaultKind } from './fault.ts';
import type { FaultEffect } from './fault-effect.ts';
import { handFaults } from './hand-faults.ts';
import { intruderFaults } from './intruder-faults.ts';
import { kubeadmFaults } from './kubeadm-faults.ts';
import { logFaults } from './log-faults.ts';
import { machineFaults } from './machine-faults.ts';
import { networkFaults } from './network-faults.ts';
import { peopleFaults } from './people-faults.ts';

/** What each kind does to a fleet. */
export const faultEffects: Readonly<Record<FaultKind, FaultEffect>> = {
  ...agentFaults,
  ...machineFaults,
  ...networkFaults,
  ...addressFaults,
  ...diskFaults,
  ...logFaults,
  ...kubeadmFaults,
  ...intruderFaults,
  ...peopleFaults,
  ...configurationFaults,
  ...handFaults,
};
