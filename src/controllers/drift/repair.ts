import { RetryableError } from '../../errors.ts';
import type { Ports } from '../../ports/index.ts';
import type { Afterwards, Repair } from './finding.ts';

/** Puts one thing back; safe to repeat. */
export async function carryOut(repair: Repair, ports: Ports): Promise<void> {
  const { balancer, files, host, kube, self } = ports;
  const { hostname } = self.record;
  switch (repair.type) {
    case 'file':
      return files.write(repair.path, repair.content, repair.mode);
    case 'restart-kubelet':
      return host.restartKubelet();
    case 'labels':
      return kube.setLabels(hostname, repair.labels);
    case 'taint':
      return kube.addTaint(hostname, repair.taint);
    case 'sysctl':
      return host.prepare('sysctl', repair.kubernetesVersion);
    case 'balancer-file':
      return balancer.writeFile(repair.servers);
    case 'config-map': {
      const { name, data, revision } = repair;
      if ((await kube.patchConfigMap(name, data, revision)) === 'done') return;
      const message = `ConfigMap ${name} was changed by somebody else a moment ago: it is looked at again.`;
      throw new RetryableError('drift.config-map-moved', message);
    }
  }
}

/** Has a file that was put back count. */
export async function bringToBear(
  due: Exclude<Afterwards, 'nothing'>,
  { host }: Pick<Ports, 'host'>,
): Promise<void> {
  if (due !== 'restart-kubelet') await host.readUnitsAnew();
  if (due !== 'reload-units') await host.restartKubelet();
}
