import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { search } from '../../sim/search.ts';

/** Answers each seed, but for one of them. */
const thread = (atSeedTwo: string) => () =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', (seed) => { if (seed === 2) { ${atSeedTwo} } parentPort.postMessage({ seed }); });`,
    { eval: true },
  );

const searched = (atSeedTwo: string) => {
  const told: number[] = [];
  const onReport = ({ seed }: { readonly seed: number }) => void told.push(seed);
  const newWorker = thread(atSeedTwo);
  const running = search({ firstSeed: 1, seeds: 3, threads: 2, onReport, newWorker });
  return running.then((reports) => ({ told, seeds: reports.map(({ seed }) => seed) }));
};

test('every seed is reported once, and the reports come in their order', async () => {
  const { told, seeds } = await searched('');
  expect({ told: told.toSorted(), seeds }).toEqual({ told: [1, 2, 3], seeds: [1, 2, 3] });
});

test.each([
  { dies: 'throw new Error("no memory")', cause: 'no memory' },
  { dies: 'process.exit(3)', cause: 'it ended with code 3' },
])('a thread that dies ($dies) ends the search, with its seed and the cause', async (each) => {
  await expect(searched(each.dies)).rejects.toMatchObject({
    message: 'the thread of seed 2 died',
    cause: { message: each.cause },
  });
});
