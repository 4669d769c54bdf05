import { readdir, readFile, readlink } from 'node:fs/promises';

/** States of a socket as proc(5) numbers them. */
const LISTENING = '0A';
/** As /proc/net/tcp6 writes the first 96 bits of an IPv4 address. */
const MAPPED = '0000000000000000FFFF0000';
const ANY = ['0'.repeat(8), '0'.repeat(32), `${MAPPED}${'0'.repeat(8)}`];

/**
 * The program that listens on a TCP port of this IPv4 address, alone or of all addresses, as `nginx
 * (process 1234)`. Undefined when there is none, or when this process may not look into that one.
 */
export async function portHolder(address: string, port: number): Promise<string | undefined> {
  const sockets = await listeningSockets(address, port);
  if (sockets.size === 0) return undefined;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (!(await holdsOneOf(pid, sockets))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'unknown');
    return `${name.trim()} (process ${pid})`;
  }
  return undefined;
}

/** As links in /proc/<pid>/fd name them. */
async function listeningSockets(address: string, port: number): Promise<ReadonlySet<string>> {
  const own = inKernelOrder(address);
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
  const places = [...ANY, own, `${MAPPED}${own}`].map((place) => `${place}:${hexadecimal}`);
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) =>
    readFile(file, 'utf8').catch(() => ''),
  );
  const rows = (await Promise.all(tables)).flatMap((table) => table.split('\n').slice(1));
  return new Set(
    rows
      .map((row) => row.trim().split(/\s+/))
      .filter(([, local = '', , state]) => places.includes(local) && state === LISTENING)
      .map((columns) => `socket:[${columns[9]}]`),
  );
}

/** The kernel prints the four bytes as one number of a little-endian machine. */
function inKernelOrder(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return bytes.reverse().join('').toUpperCase();
}

async function holdsOneOf(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  // A process of somebody else, or one that just ended, shows nothing.
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => ''));
  return (await Promise.all(links)).some((link) => sockets.has(link));
}
