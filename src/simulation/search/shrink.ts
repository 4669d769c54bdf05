import type { Scenario } from './scenario.ts';

const SHORT_MS = 1_000;

/**
 * A smaller scenario that still fails, as far as leaving out faults and machines, and shortening
 * faults, gets. `fails` runs a candidate; it is asked at most `mostRuns` times.
 */
export async function shrink(
  scenario: Scenario,
  fails: (candidate: Scenario) => Promise<boolean>,
  mostRuns = 200,
): Promise<Scenario> {
  let smallest = scenario;
  let runs = 0;
  let shrunk = true;
  while (shrunk) {
    shrunk = false;
    for (const candidate of smallerOnes(smallest)) {
      if (runs >= mostRuns) return smallest;
      runs += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

/** Candidates, the boldest first. */
function* smallerOnes(scenario: Scenario): Generator<Scenario> {
  const { faults, nodes } = scenario;
  const half = Math.floor(faults.length / 2);
  if (half > 0) {
    yield { ...scenario, faults: faults.slice(half) };
    yield { ...scenario, faults: faults.slice(0, half) };
  }
  for (const fault of faults)
    yield { ...scenario, faults: faults.filter((each) => each !== fault) };
  if (nodes > 1) yield withoutMachine(scenario, `n${nodes}`);
  for (const fault of faults) {
    if (fault.lastsMs <= SHORT_MS) continue;
    yield replaced(scenario, fault, { ...fault, lastsMs: Math.round(fault.lastsMs / 2) });
  }
  for (const fault of faults) {
    for (const host of fault.hosts.slice(1)) {
      const hosts = fault.hosts.filter((each) => each !== host);
      yield replaced(scenario, fault, { ...fault, hosts });
    }
  }
}

type ScenarioFault = Scenario['faults'][number];

function replaced(scenario: Scenario, old: ScenarioFault, next: ScenarioFault): Scenario {
  return { ...scenario, faults: scenario.faults.map((each) => (each === old ? next : each)) };
}

function withoutMachine(scenario: Scenario, hostname: string): Scenario {
  const nodes = scenario.nodes - 1;
  return {
    ...scenario,
    nodes,
    controlPlanes: nodes < 3 ? 1 : scenario.controlPlanes,
    faults: scenario.faults
      .map((fault) => ({ ...fault, hosts: fault.hosts.filter((each) => each !== hostname) }))
      .filter(({ hosts }) => hosts.length > 0),
  };
}
