import { settle } from '../settle.ts';
import { record } from '../world-state.ts';
import type { SimulatedProgram } from './program.ts';

const UNIT_NOT_FOUND = 5;

/** `systemctl restart|start|stop kubelet`: no other service is simulated. */
export const systemctl: SimulatedProgram = (world, host, unit) => {
  const [verb = '', service = ''] = unit.argv.slice(1).filter((word) => !word.startsWith('-'));
  if (!['kubelet', 'kubelet.service'].includes(service)) {
    unit.output.push(`Failed to ${verb} ${service}.service: Unit ${service}.service not found.`);
    return UNIT_NOT_FOUND;
  }
  const { kubelet } = host.runtime;
  if (verb !== 'start') Object.assign(kubelet, { running: false, wanted: false });
  if (verb !== 'stop') kubelet.wanted = true;
  record(world, host.name, 'service.changed', `${verb} kubelet`);
  settle(world);
  return 0;
};
