import { realpath } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import { hasCode } from '../error-code.ts';
import type { FindProgram } from '../find-program.ts';
import { rememberAnswer } from '../remembered-answer.ts';
import type { SystemdUnits, Unit } from '../systemd-units.ts';
import { unitFileEvidence } from '../unit-file-evidence.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

export const KUBELET_UNIT = 'kubelet.service';
const DROP_IN = '10-kubeadm.conf';
const LINKED_KUBELET = '/usr/local/bin/kubelet';

/**
 * A kubelet.service that reads what kubeadm writes, runs the kubelet that PATH names (a package's
 * unit may run one of another version) and comes back at boot. Systemd is asked about it again when
 * one of its files changed.
 */
export function kubeletService(
  units: SystemdUnits,
  find: FindProgram,
  clock: Clock,
  root: string,
): HostItem {
  const kubelet = async () => (await find('kubelet')) ?? LINKED_KUBELET;
  const ask = async () => (await units.show(KUBELET_UNIT))[0];
  const shown = rememberAnswer(
    {
      ask,
      evidence: () => unitFileEvidence(root, KUBELET_UNIT),
      lasts: (unit) => unit?.outdated === false,
    },
    clock,
  );

  return {
    check: async () => {
      const unit = await shown.get();
      if (unit?.loadState === 'masked') {
        return missing('kubelet is masked: run `systemctl unmask kubelet`.');
      }
      if (!(await isKubeadms(unit, await kubelet()))) {
        return canPrepare(`${KUBELET_UNIT} will be written to /etc/systemd/system`);
      }
      if (unit?.unitFileState !== 'enabled') return canPrepare(`${KUBELET_UNIT} will be enabled`);
      return ok(`${KUBELET_UNIT} is set up for kubeadm`);
    },
    prepare: async () => {
      const program = await kubelet();
      shown.forget();
      if (!(await isKubeadms(await ask(), program))) {
        await units.write(KUBELET_UNIT, SERVICE);
        await units.write(`${KUBELET_UNIT}.d/${DROP_IN}`, dropIn(program));
      }
      await units.enable(KUBELET_UNIT);
    },
  };
}

async function isKubeadms(unit: Unit | undefined, program: string): Promise<boolean> {
  if (unit?.loadState !== 'loaded' || !unit.dropIns.includes(DROP_IN)) return false;
  return unit.program === program || (await target(unit.program)) === (await target(program));
}

async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return path;
    throw error;
  }
}

/** Without a configuration there is nothing to run yet: kubeadm writes it, then starts the unit. */
const SERVICE = `[Unit]
Description=kubelet
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target containerd.service
ConditionPathExists=/var/lib/kubelet/config.yaml
StartLimitIntervalSec=0

[Service]
ExecStart=${LINKED_KUBELET}
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`;

/** The files are those of kubeadm's own packages, so that kubeadm finds its settings obeyed. */
function dropIn(program: string): string {
  return `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=${program} $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;
}
