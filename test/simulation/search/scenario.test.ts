import { describe, expect, test } from '@jest/globals';
import { FAULT_KINDS } from '../../../src/simulation/faults/fault.ts';
import { drawScenario, scenarioSchema } from '../../../src/simulation/search/scenario.ts';

const SEEDS = Array.from({ length: 500 }, (_, index) => index + 1);

describe('drawScenario', () => {
  test('draws the same scenario for the same seed, and plain data that can be kept', () => {
    for (const seed of SEEDS) {
      const scenario = drawScenario(seed);
      expect(drawScenario(seed)).toEqual(scenario);
      expect(scenarioSchema.parse(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
    }
  });

  test('draws every mode, every kind of fault and sizes from one to five', () => {
    const scenarios = SEEDS.map(drawScenario);
    const kinds = scenarios.flatMap(({ faults }) => faults.map(({ kind }) => kind));
    expect(new Set(scenarios.map(({ mode }) => mode))).toEqual(
      new Set(['safety', 'whole', 'core']),
    );
    expect([...new Set(kinds)].sort()).toEqual([...FAULT_KINDS].sort());
    expect([...new Set(scenarios.map(({ nodes }) => nodes))].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test('expects no cluster to become whole after what only people can mend', () => {
    const kinds = SEEDS.map(drawScenario)
      .filter(({ mode }) => mode !== 'safety')
      .flatMap(({ faults }) => faults.map(({ kind }) => kind));
    expect(kinds).not.toContain('machine-wiped');
    expect(kinds).not.toContain('state-damaged');
  });

  test('lets a machine be asked to stay only after it was asked to leave', () => {
    const drawn = SEEDS.map(drawScenario).filter(({ faults }) => takenBackAt(faults) !== undefined);
    expect(drawn.length).toBeGreaterThan(40);
    expect(new Set(drawn.map(({ mode }) => mode))).toEqual(new Set(['safety', 'whole']));
    for (const { faults } of drawn) {
      const [asked] = faults.filter(({ kind }) => kind === 'leave-asked').slice(-1);
      expect(asked?.atMs).toBeLessThanOrEqual(takenBackAt(faults) ?? 0);
    }
  });
});

function takenBackAt(faults: ReturnType<typeof drawScenario>['faults']): number | undefined {
  return faults.find(({ kind }) => kind === 'leave-withdrawn')?.atMs;
}
