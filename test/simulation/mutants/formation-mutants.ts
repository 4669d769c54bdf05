import { atomicState } from '../../../src/simulation/checker/safety/atomic-state.ts';
import { isolation } from '../../../src/simulation/checker/safety/isolation.ts';
import { oneGenesis } from '../../../src/simulation/checker/safety/one-genesis.ts';
import { type Mutant, ONE_MINUTE_MS } from './mutant.ts';

const TWO_MINUTES_MS = 2 * ONE_MINUTE_MS;

export const formationMutants: readonly Mutant[] = [
  {
    rule: oneGenesis,
    name: 'state folders forget what was written to them',
    async script(fleet, isBroken) {
      await fleet.clock.advance(TWO_MINUTES_MS);
      for (const machine of fleet.machines) machine.kill();
      for (const hostname of ['n2', 'n3']) {
        if (isBroken) fleet.machine(hostname).directory().restore(new Map());
        fleet.machine(hostname).start();
      }
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: isolation,
    name: 'a machine takes over the state of another cluster',
    options: { nodes: 2, expectedNodes: 1, startWithinMs: 0, spec: { controlPlanes: 1 } },
    async script(fleet, isBroken) {
      await fleet.clock.advance(0);
      fleet.world.cut('n1', 'n2');
      await fleet.clock.advance(TWO_MINUTES_MS);
      fleet.world.heal();
      const [first, second] = [fleet.machine('n1'), fleet.machine('n2')];
      second.kill();
      if (isBroken) second.directory().restore(first.directory().backup());
      second.start();
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
  {
    rule: atomicState,
    name: 'a power cut leaves half a file',
    async script(fleet, isBroken) {
      await fleet.clock.advance(TWO_MINUTES_MS);
      const machine = fleet.machine('n3');
      machine.powerOff();
      const directory = machine.directory();
      if (isBroken) for (const name of directory.names()) directory.damage(name);
      machine.boot();
      await fleet.clock.advance(ONE_MINUTE_MS);
    },
  },
];
