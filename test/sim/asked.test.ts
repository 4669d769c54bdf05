import { describe, expect, test } from '@jest/globals';
import { type Asked, BadInput, parseAsked } from '../../sim/asked.ts';
import { drawScenario } from '../../src/simulation/search/scenario.ts';

const asked = (...words: string[]) => parseAsked(words, 4);
const HELP = 'see `npm run sim -- --help`.';
const SCENARIO = JSON.stringify(drawScenario(7));

describe('npm run sim takes', () => {
  test.each<{ words: string[]; means: Asked }>([
    { words: [], means: { type: 'search', firstSeed: 1, seeds: 1_000, threads: 4 } },
    {
      words: ['--seeds', '20', '--from=7', '--threads', '1'],
      means: { type: 'search', firstSeed: 7, seeds: 20, threads: 1 },
    },
    { words: ['--seed', '0'], means: { type: 'tell', scenario: drawScenario(0) } },
    { words: ['--scenario', SCENARIO], means: { type: 'tell', scenario: drawScenario(7) } },
    {
      words: ['--seed', '7', '--no-keep'],
      means: { type: 'tell', scenario: drawScenario(7), keep: false },
    },
    { words: ['--hours', '24'], means: { type: 'quiet', hours: 24 } },
    { words: ['--help', '--seed', 'x'], means: { type: 'help' } },
  ])('$words', ({ words, means }) => {
    expect(asked(...words)).toEqual(means);
  });
});

describe('what makes no sense is answered by one sentence:', () => {
  test.each<{ words: string[]; sentence: string }>([
    { words: ['--seeds', '0'], sentence: '--seeds 0 is wrong: say a whole number from 1 on.' },
    { words: ['--seed', '-3'], sentence: '--seed -3 is wrong: say a whole number from 0 on.' },
    { words: ['--seed', '1.5'], sentence: '--seed 1.5 is wrong: say a whole number from 0 on.' },
    { words: ['--seed'], sentence: '--seed (nothing) is wrong: say a whole number from 0 on.' },
    { words: ['--from', 'a'], sentence: '--from a is wrong: say a whole number from 0 on.' },
    { words: ['--threads', '0'], sentence: '--threads 0 is wrong: say a whole number from 1 on.' },
    { words: ['--hours', '0'], sentence: '--hours 0 is wrong: say a whole number from 1 on.' },
    { words: ['--nope', '3'], sentence: `There is no option --nope: ${HELP}` },
    { words: ['-x'], sentence: `There is no option -x: ${HELP}` },
    { words: ['3'], sentence: `3 is no option: ${HELP}` },
    {
      words: ['--seed', '1', '--seed', '2'],
      sentence: '--seed is given twice, as 1 and 2: say it once.',
    },
    {
      words: ['--seed', '1', '--seeds', '2'],
      sentence: '--seeds and --seed both say what to run: leave one of them out.',
    },
    {
      words: ['--seeds', '1', '--hours', '2'],
      sentence: '--seeds and --hours both say what to run: leave one of them out.',
    },
    {
      words: ['--scenario', '{'],
      sentence: '--scenario is no JSON: take it as a failure prints it.',
    },
    {
      words: ['--scenario', '{"x":1}'],
      sentence:
        '--scenario does not fit, seed: Invalid input: expected number, received undefined: take it as a failure prints it.',
    },
    {
      words: ['--scenario', '3'],
      sentence:
        '--scenario does not fit, the whole: Invalid input: expected object, received number: take it as a failure prints it.',
    },
  ])('$words', ({ words, sentence }) => {
    expect(() => asked(...words)).toThrow(new BadInput(sentence));
  });
});
