import { type Kind, kindSchemas, type Value } from '../../state/kinds.ts';
import type { NodeId } from '../../state/node-id.ts';
import { orderTexts, progressTexts, workTexts } from './rollout-texts.ts';

/** An entry of the log as it was agreed on; `value`: null when it was removed. */
export interface Committed {
  readonly kind: Kind;
  readonly key: string;
  readonly value: unknown;
}

/** What to tell of a change in the log. */
interface CommittedTexts {
  /** The node it is about; `*`: no node alone. */
  readonly of: NodeId | '*';
  readonly texts: readonly string[];
  /** Of the node with this key, when the entry tells it. */
  readonly hostname?: string;
}

const NOTHING: CommittedTexts = { of: '', texts: [] };

/** `before`: the same entry as it was; undefined when it is new. Pure. */
export function committedTexts(now: Committed, before: Committed | undefined): CommittedTexts {
  const { key } = now;
  switch (now.kind) {
    case 'node': {
      const hostname = parsedAs('node', now)?.hostname;
      return hostname === undefined
        ? NOTHING
        : { of: key, hostname, texts: before ? [] : ['joins'] };
    }
    case 'leadership': {
      const leader = parsedAs('leadership', now)?.nodeId ?? null;
      return leader === null ? NOTHING : { of: leader, texts: ['leads'] };
    }
    case 'assignment': {
      const role = parsedAs('assignment', now)?.role;
      const same = role === undefined || role === parsedAs('assignment', before)?.role;
      return same ? NOTHING : { of: key, texts: [`is to be ${role}`] };
    }
    case 'status':
      return { of: key, texts: statusTexts(parsedAs('status', now), parsedAs('status', before)) };
    case 'liveness':
      return {
        of: key,
        texts: livenessTexts(parsedAs('liveness', now), parsedAs('liveness', before)),
      };
    default:
      return rolloutTexts(now, before);
  }
}

function rolloutTexts(now: Committed, before: Committed | undefined): CommittedTexts {
  const { key } = now;
  switch (now.kind) {
    case 'rollout': {
      const summary = parsedAs('rollout', now)?.summary;
      return summary === undefined || before
        ? NOTHING
        : { of: '*', texts: [`planned as ${key}: ${summary}`] };
    }
    case 'progress': {
      const texts = progressTexts(parsedAs('progress', now), parsedAs('progress', before));
      return { of: '*', texts };
    }
    case 'order':
      return { of: key, texts: orderTexts(parsedAs('order', now), parsedAs('order', before)) };
    case 'upkeep':
    case 'certificates':
      return { of: key, texts: workTexts(workOf(now), workOf(before)) };
    default:
      return NOTHING;
  }
}

function parsedAs<K extends Kind>(kind: K, entry: Committed | undefined): Value<K> | undefined {
  // The cast is safe: the schema is that of the kind.
  const parsed = kindSchemas[kind].safeParse(entry?.value);
  return parsed.success ? (parsed.data as Value<K>) : undefined;
}

function workOf(entry: Committed | undefined) {
  const kind = entry?.kind === 'certificates' ? 'certificates' : 'upkeep';
  return parsedAs(kind, entry)?.work;
}

type Status = Value<'status'>;
type Liveness = Value<'liveness'>;

function statusTexts(now: Status | undefined, before: Status | undefined): readonly string[] {
  if (!now || now.phase === before?.phase) return [];
  if (now.phase === 'serving') return [`serves as ${now.role ?? 'nothing'}`];
  return now.phase === 'failed' ? [`failed: ${now.waiting?.message ?? 'nobody says why'}`] : [];
}

function livenessTexts(now: Liveness | undefined, before: Liveness | undefined): readonly string[] {
  if (!now || now.verdict === before?.verdict) return [];
  const { verdict, evidence } = now;
  if (verdict === 'alive') return before ? ['is alive again'] : [];
  return [`is ${verdict === 'dead' ? 'found dead' : 'suspected'}: ${evidence}`];
}
