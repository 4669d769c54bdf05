// Runs a program on the Node of this project, whatever Node the machine has:
//   node scripts/with-node.mjs [--build] NODE-ARGUMENTS...
// Installs the locked dependencies first when they are missing or older than the lockfile, and with
// --build bundles dist/. (npm's own pre-scripts are no place for that: `ignore-scripts` turns them off.)
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

const words = process.argv.slice(2);
const build = words[0] === '--build';
if (build) words.shift();

installUnlessFresh();
const bin = resolve('node_modules/.bin');
const node = existsSync(`${bin}/node`) ? `${bin}/node` : process.execPath;
if (build) runOrExit(node, ['scripts/build.mjs'], 'the bundle can not be built');
if (words.length > 0) become(node, words);

function installUnlessFresh() {
  const lockfile = 'package-lock.json';
  const marker = 'node_modules/.package-lock.json';
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lockfile).mtimeMs) return;
  process.stderr.write('civitas: installing dependencies from package-lock.json …\n');
  // Not `npm ci`: it refuses a lockfile without the optional packages of platforms that the registry lacks.
  const words = ['install', '--no-save', '--ignore-scripts', '--loglevel=error'];
  runOrExit('npm', words, '`npm install` failed');
}

function runOrExit(file, args, failure) {
  const { status } = spawnSync(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  process.stderr.write(`civitas: ${failure}; mend what the lines above say and run again.\n`);
  process.exit(1);
}

/** The child has our terminal and gets its Ctrl-C; we only hand on what is sent to us, and its exit code. */
function become(file, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const child = spawn(file, args, { stdio: 'inherit', env });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}
