import { CivitasError } from '../../errors.ts';
import type { Log } from '../../ports/log.ts';
import type { Recorder } from './recorder.ts';

/**
 * The structured log of one life of an agent, which goes into the trace; what it says of leadership
 * and of peers stands there by itself too.
 */
export function createTracedLog(host: string, recorder: Recorder): Log {
  const met = new Set<unknown>();
  recorder.note(host, { type: 'agent.sees', peers: 0 });

  function notePeers({ event, nodeId }: Record<string, unknown>): void {
    if (event !== 'peer.met' || met.has(nodeId)) return;
    met.add(nodeId);
    recorder.note(host, { type: 'agent.sees', peers: met.size });
  }

  const say = (level: string) => (fields: { readonly event: string }, message: string) => {
    const text = JSON.stringify({ ...fields, message }, readableError);
    recorder.note(host, { type: 'agent.said', level, text });
    noteLead(host, recorder, fields);
    notePeers(fields);
  };
  return { debug: () => undefined, info: say('info'), warn: say('warn'), error: say('error') };
}

function noteLead(host: string, recorder: Recorder, fields: Record<string, unknown>): void {
  const { event, term } = fields;
  if (event === 'leadership.acquired' && typeof term === 'number') {
    recorder.note(host, { type: 'agent.leads', term });
  }
  if (event === 'leadership.lost' || event === 'leadership.released') {
    recorder.note(host, { type: 'agent.leads', term: null });
  }
}

function readableError(_key: string, value: unknown): unknown {
  if (value instanceof CivitasError) return `${value.name} ${value.code}: ${value.message}`;
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
