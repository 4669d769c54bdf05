import { afterEach, describe, expect, test } from '@jest/globals';
import { HOST_SCENARIOS } from '../contracts/host.contract.ts';
import { type LabBench, labBench } from '../contracts/lab/lab-machines.ts';

/** A minor upgrade of a control plane alone takes three minutes. */
const LONGEST_SCENARIO_MS = 1_200_000;

/** The same scenarios that `npm test` runs on simulated hosts, held to the same outcomes. */
describe('on machines of the lab', () => {
  let bench: LabBench | undefined;

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  }, 120_000);

  test.each(HOST_SCENARIOS)(
    '$title',
    async ({ hosts, observe, expected }) => {
      bench = await labBench(hosts);
      expect(await observe(bench)).toEqual(expected);
    },
    LONGEST_SCENARIO_MS,
  );
});
