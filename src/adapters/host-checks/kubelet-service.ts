import { realpath } from 'node:fs/promises';
import { hasCode } from '../error-code.ts';
import type { FindProgram } from '../find-program.ts';
import type { SystemdUnits, Unit } from '../systemd-units.ts';
import { canPrepare, type HostItem, missing, ok } from './host-item.ts';

const UNIT = 'kubelet.service';
const DROP_IN = '10-kubeadm.conf';
const LINKED_KUBELET = '/usr/local/bin/kubelet';

/**
 * A kubelet.service that reads what kubeadm writes, runs the kubelet that PATH names (a package's
 * unit may run one of another version) and comes back at boot.
 */
export function kubeletService(units: SystemdUnits, find: FindProgram): HostItem {
  const kubelet = async () => (await find('kubelet')) ?? LINKED_KUBELET;

  return {
    check: async () => {
      const [unit] = await units.show(UNIT);
      if (unit?.loadState === 'masked') {
        return missing('kubelet is masked: run `systemctl unmask kubelet`.');
      }
      if (!(await isKubeadms(unit, await kubelet()))) {
        return canPrepare(`${UNIT} will be written to /etc/systemd/system`);
      }
      if (unit?.unitFileState !== 'enabled') return canPrepare(`${UNIT} will be enabled`);
      return ok(`${UNIT} is set up for kubeadm`);
    },
    prepare: async () => {
      const program = await kubelet();
      const [unit] = await units.show(UNIT);
      if (!(await isKubeadms(unit, program))) {
        await units.write(UNIT, SERVICE);
        await units.write(`${UNIT}.d/${DROP_IN}`, dropIn(program));
      }
      await units.enable(UNIT);
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
