import type { Entry } from '../../state/kinds.ts';
import type { Rebased } from './rebased.ts';

/** One look at the document in the editor. */
export interface Round {
  readonly why: 'first' | 'refused' | 'overtaken';
  /** What is edited, without what is told above it. */
  readonly text: string;
  /** Told above it, a line each. */
  readonly told: readonly string[];
  /** The spec that it is an edit of. */
  readonly base: Entry<'spec'>;
}

const WELCOME = [
  'The spec of the cluster. Lines that begin with #! are dropped, other comments are kept.',
  'Leave without a change to give up.',
];
const GIVE_UP = 'Correct it, or leave as it is to give up: this file is kept then.';
const GO_ON = 'Save it to ask for yours on top of that, or leave without saving to give up.';
const NOT_MERGED =
  'The document has aliases, so theirs is not in it, and saving it undoes that: take over what you want.';

export function firstRound(base: Entry<'spec'>, text: string): Round {
  return { why: 'first', text, base, told: WELCOME };
}

/** The same text once more, with what is wrong about it. */
export function refusedRound(before: Round, text: string, message: string): Round {
  const [head = '', ...problems] = message.split(/(?<=[.:]) (?=\S+ (?:is|names) )/);
  const told = [head, ...problems.map((problem) => `  ${problem}`), GIVE_UP];
  return { why: 'refused', text, base: before.base, told };
}

/** The edit on top of somebody else's. */
export function overtakenRound(
  before: Round,
  now: Entry<'spec'>,
  { text, differences, isMerged }: Rebased,
): Round {
  const moved = `from revision ${before.base.revision} to ${now.revision}`;
  const told = [
    `Somebody else changed the spec, ${moved}:`,
    ...differences.map((line) => `  ${line}`),
    isMerged ? GO_ON : NOT_MERGED,
  ];
  return { why: 'overtaken', text, base: now, told };
}

/** What stands in the file. */
export function shownText({ told, text }: Round, schemaFile: string): string {
  const head = told.map((line) => `#! ${line}\n`).join('');
  return `${head}# yaml-language-server: $schema=${schemaFile}\n${text}`;
}

/** Whether somebody who left `text` wants nothing more of it. */
export function isGivenUp({ why, text: before }: Round, text: string, saved: boolean): boolean {
  if (!saved || text.trim() === '') return true;
  return why !== 'overtaken' && text === before;
}
