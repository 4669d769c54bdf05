import { run } from './machines.ts';

/** Where the lab writes what address a machine has. */
const NETWORK_FILE = '/etc/systemd/network/10-host0.network';

/** A machine that runs gets this address in place of the one it has, as people or DHCP do it: for good. */
export async function renumber(machine: string, address: string): Promise<void> {
  await configureAddress(machine, address);
  await run(machine, ['networkctl', 'reload']);
}

/** The same from its next boot on. */
export async function configureAddress(machine: string, address: string): Promise<void> {
  const gateway = address.replace(/\d+$/, '254');
  const network = `s|^Address=.*|Address=${address}/24|; s|^Gateway=.*|Gateway=${gateway}|`;
  const hosts = `s|^[0-9.]* ${machine}$|${address} ${machine}|`;
  await run(machine, ['sed', '-i', network, NETWORK_FILE]);
  await run(machine, ['sed', '-i', hosts, '/etc/hosts']);
}
