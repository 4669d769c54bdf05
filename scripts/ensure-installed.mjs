// Installs the locked dependencies when they are missing or older than the lockfile.
// Runs on whatever Node the machine has; everything after it runs on the one installed here.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const lockfile = 'package-lock.json';
const marker = 'node_modules/.package-lock.json';
const fresh = existsSync(marker) && statSync(marker).mtimeMs >= statSync(lockfile).mtimeMs;

if (!fresh) {
  process.stderr.write('civitas: installing dependencies from package-lock.json …\n');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    process.stderr.write(
      'civitas: `npm ci` failed; see the lines above, mend that and run again.\n',
    );
    process.exit(1);
  }
}
