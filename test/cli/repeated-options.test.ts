import { describe, expect, test } from '@jest/globals';
import type { Command, Option } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';

interface Given {
  readonly words: readonly string[];
  readonly option: Option;
}

/** Every option of the tree that takes a value, and the words of its command. */
function optionsOf(command: Command, words: readonly string[] = []): readonly Given[] {
  return [
    ...command.options
      .filter(({ required, optional }) => required || optional)
      .map((option) => ({ words, option })),
    ...command.commands.flatMap((each) => optionsOf(each, [...words, each.name()])),
  ];
}

const all = optionsOf(buildProgram());
const sample = ({ argChoices, long }: Option) => argChoices?.[0] ?? `${long?.slice(2)}-1`;
const twice = ({ words, option }: Given) => {
  const given = [option.long ?? '', sample(option)];
  return buildProgram().parseAsync([...words, ...given, ...given], { from: 'user' });
};

describe('an option that takes one value is refused when it is given twice:', () => {
  test.each(
    all
      .filter(({ option }) => !option.variadic)
      .map((given) => ({ name: [...given.words, given.option.long].join(' '), given })),
  )('$name', async ({ given }) => {
    const { long } = given.option;
    const value = sample(given.option);
    await expect(twice(given)).rejects.toMatchObject({
      code: 'cli.repeated-option',
      message: `${long} is given twice, as ${value} and ${value}: say it once.`,
    });
  });
});

test('these take as many values as they are given', () => {
  const several = all.filter(({ option }) => option.variadic);
  expect(several.map(({ words, option }) => `${words.join(' ')} ${option.long}`)).toEqual([
    'join --peer',
    'join --label',
    'bundle create --images',
    'verify --fault',
    'simulate --kill',
    'simulate --power-off',
  ]);
});
