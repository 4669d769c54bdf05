// Bundles the agent and its CLI into dist/: one file to parse for each command instead of hundreds,
// which is most of an agent's start. Dependencies are bundled, so dist/ needs Node and nothing else.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.18',
  sourcemap: true,
  logLevel: 'warning',
  // CommonJS dependencies call `require`, which ES modules lack.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
