import { TerminalError } from '../errors.ts';
import type { Entry } from '../state/kinds.ts';
import type { KnownLog } from '../state/known-log.ts';

export interface SpecAndWording {
  readonly spec: Entry<'spec'>;
  /** As people wrote it last; undefined where nobody's words are kept. */
  readonly wording: string | undefined;
}

/** TerminalError `get.no-spec` before the founding wrote the first one. */
export function presentSpec({ spec: [spec], wordings: [wording] }: KnownLog): SpecAndWording {
  if (spec) return { spec, wording: wording?.value.text };
  throw new TerminalError(
    'get.no-spec',
    'The cluster has no spec yet: see what `civitas status` waits for.',
  );
}
