import { parseArgs } from 'node:util';
import { drawScenario, type Scenario, scenarioSchema } from '../src/simulation/search/scenario.ts';

/** What to run, as it was typed. */
export type Asked =
  | { readonly type: 'help' }
  | { readonly type: 'tell'; readonly scenario: Scenario; readonly keep?: false }
  | {
      readonly type: 'search';
      readonly firstSeed: number;
      readonly seeds: number;
      readonly threads: number;
      /** Present: what fails is not written to the regressions. */
      readonly keep?: false;
    }
  | { readonly type: 'quiet'; readonly hours: number };

/** What was typed makes no sense; the message is the sentence for people. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

const DEFAULT_SEEDS = '1000';
const OPTIONS = [
  'seeds',
  'from',
  'seed',
  'scenario',
  'threads',
  'hours',
  'no-keep',
  'help',
] as const;
/** Two of them would say what to run. */
const SUBJECTS = ['seeds', 'seed', 'scenario', 'hours'] as const;

type Option = (typeof OPTIONS)[number];
type Typed = ReadonlyMap<Option, string>;

/** Throws BadInput for the first word that makes no sense. Pure. */
export function parseAsked(words: readonly string[], threads: number): Asked {
  const typed = readWords(words);
  if (typed.has('help')) return { type: 'help' };
  refuseTwoSubjects(typed);
  const kept = typed.has('no-keep') && { keep: false as const };
  const hours = typed.get('hours');
  if (hours !== undefined) return { type: 'quiet', hours: wholeNumber('--hours', hours, 1) };
  const scenario = typed.get('scenario');
  if (scenario !== undefined) return { type: 'tell', scenario: parseScenario(scenario), ...kept };
  const seed = typed.get('seed');
  if (seed !== undefined) {
    return { type: 'tell', scenario: drawScenario(wholeNumber('--seed', seed, 0)), ...kept };
  }
  return {
    type: 'search',
    firstSeed: wholeNumber('--from', typed.get('from') ?? '1', 0),
    seeds: wholeNumber('--seeds', typed.get('seeds') ?? DEFAULT_SEEDS, 1),
    threads: wholeNumber('--threads', typed.get('threads') ?? String(threads), 1),
    ...kept,
  };
}

function readWords(words: readonly string[]): Typed {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { tokens } = parseArgs({
    args: [...words],
    // Else it would judge the words, in words of its own.
    strict: false,
    tokens: true,
    options: {
      seeds: text,
      from: text,
      seed: text,
      scenario: text,
      threads: text,
      hours: text,
      'no-keep': flag,
      help: flag,
    },
  });
  const typed = new Map<Option, string>();
  for (const token of tokens) {
    if (token.kind !== 'option')
      throw new BadInput(`${wordOf(token, words)} is no option${SEE_HELP}`);
    const option = OPTIONS.find((each) => each === token.name);
    const { rawName, value = '' } = token;
    if (option === undefined) throw new BadInput(`There is no option ${rawName}${SEE_HELP}`);
    const before = typed.get(option);
    if (before !== undefined) {
      throw new BadInput(`${rawName} is given twice, as ${before} and ${value}: say it once.`);
    }
    typed.set(option, value);
  }
  return typed;
}

const SEE_HELP = ': see `npm run sim -- --help`.';

function wordOf({ index }: { readonly index: number }, words: readonly string[]): string {
  return words[index] ?? '';
}

function refuseTwoSubjects(typed: Typed): void {
  const [first, second] = SUBJECTS.filter((each) => typed.has(each));
  if (second === undefined) return;
  throw new BadInput(`--${first} and --${second} both say what to run: leave one of them out.`);
}

function parseScenario(text: string): Scenario {
  const cure = 'take it as a failure prints it';
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new BadInput(`--scenario is no JSON: ${cure}.`);
  }
  const { success, data, error } = scenarioSchema.safeParse(document);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'the whole';
  throw new BadInput(`--scenario does not fit, ${where}: ${issue?.message}: ${cure}.`);
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new BadInput(
    `${option} ${text || '(nothing)'} is wrong: say a whole number from ${least} on.`,
  );
}
