import { CivitasError } from '../errors.ts';
import { FORMED_FILE } from '../formation/record-keeper.ts';
import type { Ports } from '../ports/index.ts';
import { readCopy } from '../runtime/log/copy-keeper.ts';
import { genesisRecordSchema, logName } from '../state/genesis-record.ts';
import { type HostMarker, parseHostMarker } from '../state/host-marker.ts';
import { homeOf, PARKABLE } from '../state/host-residue.ts';
import {
  KUBERNETES_FOLDER,
  MANIFESTS_FOLDER,
  MARKER_FILE,
  PARKED_FOLDER,
  STARTED_FILE,
} from '../state/kubernetes-paths.ts';
import { createLogCopy } from '../state/log-copy.ts';

type ParkPorts = Pick<Ports, 'clock' | 'durable' | 'files' | 'log'> & {
  readonly host: Pick<Ports['host'], 'kubeletRunsForMs'>;
};

const PUBLIC = 0o644;

/**
 * Before the kubelet starts after a boot: moves its credentials and the static pods of a control plane
 * aside, as this node may have been deposed while it was off. Others must be there that could have
 * done that, as far as this host knows; a single control plane starts at once. Safe to repeat, and
 * nothing at later starts of the agent. What fails is told, and keeps neither agent nor kubelet from
 * starting.
 */
export async function parkHost(ports: ParkPorts): Promise<void> {
  const { files, log } = ports;
  try {
    if ((await files.read(STARTED_FILE)) !== undefined) return;
    const parked = await namesToPark(ports);
    for (const name of parked) await files.move(homeOf(name), `${PARKED_FOLDER}/${name}`);
    await files.write(STARTED_FILE, '', PUBLIC);
    if (parked.length > 0) log.info({ event: 'boot.parked', parked }, 'host parked');
  } catch (err) {
    if (!(err instanceof CivitasError)) throw err;
    log.warn({ event: 'boot.not-parked', err }, 'host not parked');
  }
}

async function namesToPark(ports: ParkPorts): Promise<readonly string[]> {
  const { files, host } = ports;
  const marker = parseHostMarker((await files.read(MARKER_FILE)) ?? '');
  const listed = [
    ...(await files.list(KUBERNETES_FOLDER)),
    ...(await files.list(MANIFESTS_FOLDER)),
  ];
  const names = PARKABLE.filter((name) => listed.includes(name));
  if (!marker || names.length === 0) return [];
  if (!(await hasOtherControlPlanes(marker, ports))) return [];
  // Where the agent was started late, they serve already.
  return (await host.kubeletRunsForMs()) === undefined ? names : [];
}

/** An entry that this version can not read ends all: nothing would ever be given back (S25). */
async function hasOtherControlPlanes(own: HostMarker, ports: ParkPorts): Promise<boolean> {
  const record = await ports.durable.read(FORMED_FILE, genesisRecordSchema);
  if (record?.clusterId !== own.clusterId) return false;
  const copy = createLogCopy();
  for (const entry of await readCopy(logName(record), ports)) copy.apply(entry);
  if (copy.problems().length > 0) return false;
  return copy
    .list('assignment')
    .some(({ value }) => value.role === 'control-plane' && value.nodeId !== own.nodeId);
}
