import type { HostFiles } from '../ports/host-files.ts';

const MANAGER_SCOPE = '/init.scope';
const SERVICES = '/system.slice';

/**
 * Ids of the processes of a service, one in a line, read from the control groups that systemd keeps
 * one for each service in (systemd.resource-control(5)); empty when it has none. Undefined where the
 * groups can not be found, as where process 1 is no systemd.
 */
export async function unitProcesses(files: HostFiles, unit: string): Promise<string | undefined> {
  const services = servicesFolder((await files.read('/proc/1/cgroup')) ?? '');
  if (services === undefined || (await files.list(services)).length === 0) return undefined;
  return (await files.read(`${services}/${unit}/cgroup.procs`)) ?? '';
}

/**
 * Lines of cgroups(7): `0::/init.scope` with version 2 alone, `1:name=systemd:/init.scope` where
 * there is version 1; in a container a path may stand before the scope.
 */
function servicesFolder(groups: string): string | undefined {
  const legacy = /^\d+:name=systemd:(.*)$/m.exec(groups)?.[1];
  const group = legacy ?? /^0::(.*)$/m.exec(groups)?.[1];
  if (!group?.endsWith(MANAGER_SCOPE)) return undefined;
  const mount = legacy === undefined ? '/sys/fs/cgroup' : '/sys/fs/cgroup/systemd';
  return `${mount}${group.slice(0, -MANAGER_SCOPE.length)}${SERVICES}`;
}
