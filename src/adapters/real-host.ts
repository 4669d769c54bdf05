import type { Clock } from '../ports/clock.ts';
import type { Host, HostCheck } from '../ports/host.ts';
import type { HostFiles } from '../ports/host-files.ts';
import { containerdCgroupDriver } from './containerd-cgroup-driver.ts';
import { controlPlaneProcesses } from './control-plane-processes.ts';
import { endStaticPods } from './end-static-pods.ts';
import type { RunCommand } from './execa-exec.ts';
import { programsOf } from './find-program.ts';
import { containerd } from './host-checks/containerd.ts';
import { haproxyProgram } from './host-checks/haproxy-program.ts';
import type { HostItem } from './host-checks/host-item.ts';
import { kernelModules } from './host-checks/kernel-modules.ts';
import { KUBELET_UNIT, kubeletService } from './host-checks/kubelet-service.ts';
import { kubernetesBinaries } from './host-checks/kubernetes-binaries.ts';
import { manifestsFolder } from './host-checks/manifests-folder.ts';
import { swap } from './host-checks/swap.ts';
import { sysctl } from './host-checks/sysctl.ts';
import { kubeletRunsForMs } from './kubelet-process.ts';
import { createProgramVersion } from './program-version.ts';
import type { SystemdUnits } from './systemd-units.ts';

export interface RealHostDeps {
  readonly run: RunCommand;
  readonly files: HostFiles;
  readonly units: SystemdUnits;
  readonly clock: Clock;
  /** Stands before every path that `files` does not reach; the same one as theirs. */
  readonly root: string;
}

/** This machine. What `check` finds is in the order in which it is best prepared. */
export function createRealHost({ run, files, units, clock, root }: RealHostDeps): Host {
  const versionOf = createProgramVersion(run);
  const find = programsOf(root);
  const items: Readonly<Record<HostCheck['name'], HostItem>> = {
    'kernel-modules': kernelModules(run, files, find),
    sysctl: sysctl(files, root),
    swap: swap(files),
    containerd: containerd(units, clock, root),
    binaries: kubernetesBinaries(versionOf, find, root),
    'manifests-folder': manifestsFolder(files, root),
    'kubelet-service': kubeletService(units, find, clock, root),
    haproxy: haproxyProgram(versionOf, find),
  };
  const names = Object.keys(items) as HostCheck['name'][]; // exactly the keys of the record above

  return {
    check: (kubernetesVersion, kubeletVersion = kubernetesVersion) =>
      Promise.all(
        names.map(async (name) => {
          return { name, ...(await items[name].check(kubernetesVersion, kubeletVersion)) };
        }),
      ),
    prepare: (name, kubernetesVersion, kubeletVersion = kubernetesVersion) =>
      items[name].prepare(kubernetesVersion, kubeletVersion),
    linkKubernetes: async (version) => {
      await items.binaries.prepare(version, version);
      // A package's unit may name a kubelet that is no longer the first on PATH.
      await items['kubelet-service'].prepare(version, version);
    },
    cgroupDriver: () => containerdCgroupDriver(run),
    kubeletRunsForMs: () => kubeletRunsForMs(run),
    restartKubelet: () => units.restart(KUBELET_UNIT),
    stopStaticPods: async () => {
      await units.stop(KUBELET_UNIT);
      await endStaticPods({ clock, root });
    },
    readUnitsAnew: () => units.readAnew(),
    controlPlaneProcesses: () => controlPlaneProcesses(run),
  };
}
