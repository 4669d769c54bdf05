import type { Log } from '../ports/log.ts';

/** What a person has to look into: no program can put it right. */
export interface Alarms {
  /** Says it once, however often it is raised. */
  raise(alarm: string): void;
  list(): readonly string[];
}

export function createAlarms(log: Log): Alarms {
  const raised = new Set<string>();
  return {
    raise(alarm) {
      if (raised.has(alarm)) return;
      raised.add(alarm);
      log.error({ event: 'formation.alarm', alarm }, 'formation alarm');
    },
    list: () => [...raised],
  };
}
