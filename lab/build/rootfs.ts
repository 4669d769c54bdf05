import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { host, hostWhileAlive } from '../host.ts';
import { LabError } from '../lab-error.ts';
import { artefactPath, debianSuite, networkPrefix } from '../settings.ts';
import { type Artefact, keyOf } from './artefact.ts';

const template = join(import.meta.dirname, '../machine-image');

const words = (...lines: readonly string[]) => lines.join(' ').split(' ');

// What a Kubernetes node needs, what Node needs (libstdc++6), and ping.
const PACKAGES = words(
  'systemd systemd-sysv dbus util-linux mount procps kmod ca-certificates libstdc++6',
  'iproute2 iptables nftables conntrack ethtool socat curl openssl iputils-ping',
  'containerd runc containernetworking-plugins haproxy',
);

// Never used in a machine, and more than a third of the disk.
const UNUSED = words(
  'var/cache/apt var/lib/apt/lists usr/lib/firmware usr/lib/modules',
  'usr/share/doc usr/share/man usr/share/locale usr/share/info',
);

const ENABLED = words('systemd-networkd containerd kubelet lab-boot lab-ready');

// civitas runs HAProxy in a unit of its own.
const DISABLED = words('haproxy');

// Units that wait for hardware, change the host's clock, or wake up every machine for nothing.
const MASKED = words(
  'systemd-timesyncd.service systemd-resolved.service sys-kernel-config.mount',
  'console-getty.service getty@tty1.service fstrim.timer e2scrub_all.timer e2scrub_reap.service',
  'apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer',
);

/** A plain Debian with the packages of a Kubernetes node. */
export function debian(): Artefact {
  return {
    name: 'debian',
    title: `Debian ${debianSuite}, unpacked by debootstrap`,
    key: keyOf(debianSuite, ...PACKAGES.toSorted(), ...UNUSED.toSorted()),
    make: bootstrap,
  };
}

/** What every machine starts from: that Debian, with this lab's files and units. */
export async function rootfs(debianKey: string, pauseImage: string): Promise<Artefact> {
  const recipe = JSON.stringify([ENABLED, DISABLED, MASKED, pauseImage]);
  return {
    name: 'rootfs',
    title: 'the machine image',
    key: keyOf(debianKey, recipe, ...(await templateTexts())),
    make: (folder) => furnish(folder, pauseImage),
  };
}

async function bootstrap(folder: string): Promise<void> {
  const log = join(folder, '..', 'debootstrap.log');
  const script = '"$@" >"$0" 2>&1 || { tail -n 1 "$0" >&2; exit 1; }';
  // In namespaces of its own, neither its mounts nor its processes outlive it.
  const alone = ['--mount-proc', '--pid', '--fork', '--kill-child', 'sh', '-c', script, log];
  const include = `--include=${PACKAGES.join(',')}`;
  const request = ['--variant=minbase', include, debianSuite, folder, await mirror()];
  await hostWhileAlive('unshare', [...alone, 'debootstrap', ...request]);
  for (const path of UNUSED) await rm(join(folder, path), { recursive: true, force: true });
}

/** The archive that this machine's own apt uses, so that no other host is ever asked. */
async function mirror(): Promise<string> {
  const chosen = process.env['CIVITAS_LAB_MIRROR'];
  if (chosen !== undefined) return chosen;
  const format = ['indextargets', '--format', '$(ORIGIN) $(REPO_URI)', 'Created-By: Packages'];
  const targets = (await host('apt-get', format)).split('\n');
  const archive = targets.find((each) => each.startsWith('Debian ') && !each.includes('security'));
  if (archive !== undefined) return archive.slice('Debian '.length);
  throw new LabError('apt names no Debian archive here: set CIVITAS_LAB_MIRROR to one');
}

async function furnish(folder: string, pauseImage: string): Promise<void> {
  await rm(folder, { recursive: true });
  // Hard links: every file below that differs is replaced, never written in place.
  await host('cp', ['--archive', '--link', artefactPath('debian'), folder]);
  await host('cp', ['--recursive', '--remove-destination', `${template}/.`, folder]);
  await nameThePauseImage(join(folder, 'etc/containerd/config.toml'), pauseImage);
  await linkNetworkPlugins(folder);
  await replace(join(folder, 'etc/resolv.conf'), `nameserver ${networkPrefix}.254\n`);
  // Empty means a first boot has not happened; each machine gets its own.
  await replace(join(folder, 'etc/machine-id'), '');
  await rm(join(folder, 'etc/hostname'), { force: true });
  const systemctl = (verb: string, units: readonly string[]) =>
    host('systemctl', [`--root=${folder}`, verb, ...units]);
  await systemctl('enable', ENABLED);
  await systemctl('disable', DISABLED);
  await systemctl('mask', MASKED);
}

async function nameThePauseImage(file: string, pauseImage: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await replace(file, text.replace('@PAUSE_IMAGE@', pauseImage));
}

async function linkNetworkPlugins(folder: string): Promise<void> {
  await rm(join(folder, 'opt/cni'), { recursive: true, force: true });
  await mkdir(join(folder, 'opt/cni'), { recursive: true });
  await symlink('/usr/lib/cni', join(folder, 'opt/cni/bin'));
}

async function replace(file: string, text: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text);
}

async function templateTexts(): Promise<readonly string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  return Promise.all(files.sort().map((file) => readFile(file, 'utf8')));
}
