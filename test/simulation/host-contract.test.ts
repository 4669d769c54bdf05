import { describe, expect, test } from '@jest/globals';
import { HOST_SCENARIOS } from '../contracts/host.contract.ts';
import { simulatedBench } from './simulated-bench.ts';

describe('on a simulated host', () => {
  test.each(HOST_SCENARIOS)('$title', async ({ hosts, observe, expected }) => {
    const bench = simulatedBench({ hosts });
    expect(await bench.drive(observe(bench))).toEqual(expected);
  });
});
