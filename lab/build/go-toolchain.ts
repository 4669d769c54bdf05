import { findProgram, host, isExecutable } from '../host.ts';
import { LabError } from '../lab-error.ts';
import { waitingFor } from '../progress.ts';

// The newest `go` directive in lab/go.
const NEEDED_MINOR = 24;

// Where Go's own archive puts it, often without a word in PATH.
const USUAL_PLACE = '/usr/local/go/bin/go';

const CURE = 'unpack one from go.dev/dl to /usr/local/go, or put yours into PATH';

/** The go command to build with: found, or installed where Debian's is new enough. */
export async function findGo(): Promise<string> {
  const found =
    (await findProgram('go')) ?? ((await isExecutable(USUAL_PLACE)) ? USUAL_PLACE : undefined);
  if (found === undefined) return installGo();
  const version = await host(found, ['env', 'GOVERSION']);
  if (minorOf(version) >= NEEDED_MINOR) return found;
  throw new LabError(`${found} is ${version}, older than Go 1.${NEEDED_MINOR}: ${CURE}`);
}

async function installGo(): Promise<string> {
  const policy = await host('apt-cache', ['policy', 'golang-go']);
  if (minorOf(policy) < NEEDED_MINOR) {
    throw new LabError(`Go 1.${NEEDED_MINOR} or newer is missing and Debian's is older: ${CURE}`);
  }
  const install = ['install', '-qy', '--no-install-recommends', 'golang-go'];
  await waitingFor('apt-get to install golang-go', host('apt-get', install));
  return 'go';
}

/** 26 of "go1.26.8" and 24 of "Candidate: 2:1.24~2"; -1 where there is no version. */
function minorOf(text: string): number {
  return Number(/(?:go|Candidate: (?:\d+:)?)1\.(\d+)/.exec(text)?.[1] ?? -1);
}
