// Imports point one way: main, cli → agent → adapters, engine → controllers, formation → runtime, machines, ports → state.

/** What files under `from` may import of src/; everything else there is refused. */
const layer = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: allowed },
});

const OUTSIDE = '^src/(adapters|agent|cli|main\\.ts)';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    layer('state-is-the-floor', '^src/state/', '^src/(state/|errors\\.ts)'),
    layer('ports-know-only-state', '^src/ports/', '^src/(ports|state)/'),
    layer('machines-are-pure', '^src/machines/', '^src/(machines|state)/'),
    layer(
      'runtime-knows-no-concern',
      '^src/runtime/',
      '^src/(runtime|ports|state)/|^src/errors\\.ts',
    ),
    layer(
      'decide-is-pure',
      '^src/controllers/.*decide[^/]*\\.ts',
      '^src/(state|machines)/|^src/controllers/|^src/(errors|runtime/controller)\\.ts|^src/ports/',
      'types of ports are data; their functions are never called here',
    ),
    layer(
      'formation-reaches-out-through-ports',
      '^src/formation/',
      '^src/(formation|ports|state|runtime)/|^src/errors\\.ts',
    ),
    layer(
      'adapters-serve-ports',
      '^src/adapters/',
      '^src/(adapters|ports|state)/|^src/(errors|version)\\.ts',
    ),
    layer(
      'engine-knows-no-io',
      '^src/engine/',
      '^src/(engine|controllers|formation|machines|runtime|ports|state)/|^src/errors\\.ts',
      'what an agent is made of, over ports alone: real ones in src/agent, simulated ones in src/simulation',
    ),
    layer(
      'simulation-serves-ports',
      '^src/simulation/(?!fleet/|exploration/|faults/|search/|scenario/|checker/)',
      '^src/(simulation|ports|runtime|state)/|^src/errors\\.ts',
      'the memory log is the same Store and Leases over another bucket',
    ),
    layer(
      'simulated-clusters-run-the-engine',
      '^src/simulation/(fleet|exploration|faults|search|scenario|checker)/',
      '^src/(simulation|engine|controllers|formation|machines|runtime|ports|state)/|^src/errors\\.ts',
    ),
    {
      name: 'controllers-reach-out-through-ports',
      severity: 'error',
      from: { path: '^src/controllers/([^/]+)/' },
      to: { path: `${OUTSIDE}|^src/(simulation|formation)/|^src/controllers/(?!$1/)` },
    },
    {
      name: 'agent-knows-no-command',
      severity: 'error',
      from: { path: '^src/agent/' },
      to: { path: '^src/(cli|main\\.ts)' },
    },
    {
      name: 'io-libraries-only-in-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|cli/|main\\.ts)' },
      to: { path: 'node_modules/(@nats-io|execa|@kubernetes|multicast-dns|pino|@peculiar)/' },
    },
    {
      name: 'no-node-builtins-outside-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|agent/|cli/|main\\.ts)' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
