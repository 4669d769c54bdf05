import { parseCommand, parseEnd } from '../known/command.ts';
import { moment } from '../known/questions.ts';
import { bound, owed, paid } from './bound.ts';

/** TimeoutStartSec of every command (src/controllers/kubeadm/command.ts). */
const COMMAND_MS = 1_800_000;
/** Five attempts with all their limits and back-offs. */
const WHOLE_MS = 3_600_000;

export const everythingEnds = bound({
  id: 'L12',
  title: 'Everything has an outcome',
  rule: 'Every command ends within its 30 minutes, and a cluster whose faults are over is whole within an hour.',
  hears: ['world', 'script.healed', 'script.whole', 'fault.begun'],
  owe(debts, entry) {
    const { host, atMs } = entry;
    switch (entry.type) {
      case 'script.healed': {
        const sentence = `the cluster was not whole an hour after ${moment(atMs)}, when its faults were over`;
        return owed(debts, { key: 'whole', dueMs: atMs + WHOLE_MS, sentence });
      }
      case 'script.whole':
      case 'fault.begun':
        return paid(debts, 'whole');
      case 'world': {
        if (entry.event === 'operation.started') {
          const { unit } = parseCommand(entry.detail);
          const sentence = `${unit} of ${host} did not end within 30 minutes of ${moment(atMs)}`;
          return owed(debts, { key: `${host} ${unit}`, dueMs: atMs + COMMAND_MS, sentence });
        }
        if (entry.event === 'operation.ended') {
          return paid(debts, `${host} ${parseEnd(entry.detail).unit}`);
        }
        const isGone = entry.event === 'power.cut' || entry.event === 'disk.wiped';
        return isGone ? debts.filter(({ key }) => !key.startsWith(`${host} `)) : debts;
      }
    }
  },
});
