import type { Controller } from '../../runtime/controller.ts';
import { homeOf } from '../../state/host-residue.ts';
import { PARKED_FOLDER } from '../../state/kubernetes-paths.ts';
import { type Action, decide } from './decide.ts';
import { type Memory, observe } from './observe.ts';
import type { Observed } from './observed.ts';

/**
 * Lets a node that was booted serve once the log says that it still has its role: the credentials of its
 * kubelet and its static pods were parked before (S4), and one that was deposed meanwhile never gets
 * them back.
 */
export function createBootFence(): Controller<Observed, Action> {
  const memory: Memory = { sightings: new Map() };
  return {
    name: 'boot-fence',
    scope: 'node',
    inputs: ['assignment'],
    outputs: [],
    settledLookMs: 60_000,
    observe: (ports) => observe(ports, memory),
    decide,
    async act({ names }, { files, host }) {
      for (const name of names) await files.move(`${PARKED_FOLDER}/${name}`, homeOf(name));
      // It would look again by itself, after ten seconds.
      if ((await host.kubeletRunsForMs()) === undefined) await host.restartKubelet();
    },
  };
}
