// Bundles the agent and its CLI into dist/, dependencies included: it needs Node and nothing else, and
// one file is found, read and compiled much sooner than hundreds.
//
// CommonJS: an `import` of a module of Node has Node evaluate every getter that the module exports, and
// that of node:http alone then loads a whole HTTP client, 60 ms and 14 MB; `require` does not.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const CLI = './civitas.js';

/** main.js stays a file of its own: it turns V8's cache on before the rest is compiled. */
const cliApart = {
  name: 'cli-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/cli\/run\.ts$/ }, ({ kind }) => {
      return kind === 'dynamic-import' ? { path: CLI, external: true } : undefined;
    });
  },
};

/** We report zod's issues in English only; its index of languages is a third of it. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/cli/run.ts', out: 'civitas' },
  ],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22.18',
  supported: { 'dynamic-import': false },
  plugins: [cliApart, englishOnly],
  // The text of the program stays in memory. Names are kept, as those of errors stand in the log.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  sourcemap: true,
  logLevel: 'warning',
});
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await keepToAscii(`dist/${CLI}`);

/** A single letter beyond it, and V8 keeps two bytes for each letter of the file. */
async function keepToAscii(path) {
  const text = await readFile(path, 'utf8');
  const escaped = (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  await writeFile(path, text.replace(/[^\0-\x7f]/g, escaped));
}
