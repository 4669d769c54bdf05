import { TerminalError } from '../../errors.ts';
import type { Kube } from '../../ports/kube.ts';
import { putConfigMap } from '../config-maps.ts';
import type { KubeAccess } from './kube-access.ts';

type KubeConfigMaps = Pick<Kube, 'configMap' | 'patchConfigMap'>;

export function simulatedConfigMaps({ read, write }: KubeAccess): KubeConfigMaps {
  return {
    async configMap(name) {
      const found = read('read ConfigMaps').configMaps.get(name);
      return found && { revision: String(found.revision), data: { ...found.data } };
    },

    async patchConfigMap(name, data, revision) {
      let outcome: 'done' | 'conflict' = 'conflict';
      write('change ConfigMaps', (cluster) => {
        const found = cluster.configMaps.get(name);
        if (!found || String(found.revision) !== revision) return undefined;
        const problem = putConfigMap(cluster, name, { ...found.data, ...data });
        if (problem) throw new TerminalError('kube.refused', problem);
        outcome = 'done';
        return { what: 'config-map', happened: 'changed', detail: name };
      });
      return outcome;
    },
  };
}
