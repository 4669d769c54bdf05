import { readFile, writeFile } from 'node:fs/promises';
import { exists, host } from './host.ts';
import { LabError } from './lab-error.ts';
import { withLock } from './lock.ts';
import { machineNumber } from './machine-name.ts';
import { labId, networkPrefix } from './settings.ts';

/** The network namespace that holds the bridge; machines' own namespaces hang off it. */
export const namespacePath = `/run/netns/${labId}`;

/** The bridge's name inside that namespace. */
export const bridge = 'br0';

const TABLE = 'bridge lab';

// Every systemd, containerd and kubelet takes inotify instances, and all machines share one pool:
// the kernel's 128 are enough for about five machines.
const INOTIFY_MINIMUM = { max_user_instances: 8_192, max_user_watches: 1_048_576 };

// A frame is dropped between two ports of the bridge, so a cut reaches pods, ARP and multicast alike.
const RULES = `
table ${TABLE} {
  set cut { type ifname . ifname; }
  set isolated { type ifname; }
  chain forward {
    type filter hook forward priority 0;
    iifname . oifname @cut drop
    iifname @isolated drop
    oifname @isolated drop
  }
}
`;

/** Makes the bridge in a namespace of its own, if it is not there yet. */
export async function ensureNetwork(): Promise<void> {
  await raiseInotifyLimits();
  await withLock('network', async () => {
    if (await exists(namespacePath)) return;
    await host('ip', ['netns', 'add', labId]);
    await ip('link', 'set', 'lo', 'up');
    await ip('link', 'add', bridge, 'type', 'bridge', 'mcast_snooping', '0');
    await ip('address', 'add', `${networkPrefix}.254/24`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
    await nft(RULES);
  });
}

/** Removes the bridge and its namespace; machines must be down. */
export async function removeNetwork(): Promise<void> {
  if (await exists(namespacePath)) await host('ip', ['netns', 'delete', labId]);
}

/** Takes the machine's cable away. A power cut leaves it behind until the kernel has cleaned up. */
export async function unplug(machine: string): Promise<void> {
  if (!(await isPlugged(machine))) return;
  await ip('link', 'delete', port(machine)).catch(async (error: unknown) => {
    if (await isPlugged(machine)) throw error;
  });
}

/** Drops every frame between two machines, both ways. It holds over kill and boot, until `heal`. */
export async function cut(one: string, other: string): Promise<void> {
  await nft(`add element ${TABLE} cut { ${bothWays(one, other)} }`);
}

/** Ends a cut; without one it changes nothing. */
export async function heal(one: string, other: string): Promise<void> {
  await remove('cut', bothWays(one, other));
}

/** Drops every frame between this machine and all others, those that come later too. */
export async function isolate(machine: string): Promise<void> {
  await nft(`add element ${TABLE} isolated { ${port(machine)} }`);
}

/** Ends an isolation; cuts stay. Without an isolation it changes nothing. */
export async function rejoin(machine: string): Promise<void> {
  await remove('isolated', port(machine));
}

/** Who is cut off from whom. */
export async function brokenLinks(): Promise<{
  readonly cut: readonly (readonly [string, string])[];
  readonly isolated: readonly string[];
}> {
  if (!(await exists(namespacePath))) return { cut: [], isolated: [] };
  const listing = await inNamespace('nft', ['list', 'table', ...TABLE.split(' ')]);
  const elements = (set: string) =>
    new RegExp(`set ${set} {[^}]*elements = {([^}]*)}`).exec(listing)?.[1] ?? '';
  const pairs = elements('cut').matchAll(/"vb-(n\d+)" \. "vb-(n\d+)"/g);
  return {
    cut: [...pairs].map(([, one = '', other = '']) => [one, other] as const),
    isolated: [...elements('isolated').matchAll(/"vb-(n\d+)"/g)].map(([, name = '']) => name),
  };
}

async function isPlugged(machine: string): Promise<boolean> {
  if (!(await exists(namespacePath))) return false;
  const links = await ip('-oneline', 'link', 'show', 'type', 'veth');
  return links.includes(` ${port(machine)}@`);
}

// systemd-nspawn gives the host's end of a machine's cable this name.
function port(machine: string): string {
  return `vb-n${machineNumber(machine)}`;
}

function bothWays(one: string, other: string): string {
  return `${port(one)} . ${port(other)}, ${port(other)} . ${port(one)}`;
}

// Adding first makes the removal of what is not there no error, in one transaction.
async function remove(set: string, elements: string): Promise<void> {
  const what = `element ${TABLE} ${set} { ${elements} }`;
  await nft(`add ${what}\ndelete ${what}`);
}

async function raiseInotifyLimits(): Promise<void> {
  for (const [name, minimum] of Object.entries(INOTIFY_MINIMUM)) {
    const file = `/proc/sys/fs/inotify/${name}`;
    if (Number(await readFile(file, 'utf8')) < minimum) await writeFile(file, String(minimum));
  }
}

async function ip(...args: readonly string[]): Promise<string> {
  return host('ip', ['-netns', labId, ...args]);
}

async function nft(commands: string): Promise<void> {
  await inNamespace('nft', ['-f', '-'], commands);
}

async function inNamespace(file: string, args: readonly string[], input = ''): Promise<string> {
  if (!(await exists(namespacePath))) {
    throw new LabError('the lab has no network yet: `lab up` makes it');
  }
  return host('nsenter', [`--net=${namespacePath}`, file, ...args], { input });
}
