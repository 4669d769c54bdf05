import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { host } from './host.ts';
import { LabError } from './lab-error.ts';
import { sh } from './machine.ts';
import { checkout, labDirectory } from './settings.ts';

/** The size and version of a cluster, as `lab cluster` is asked for it. */
export type ClusterShape = {
  readonly nodes: number;
  readonly controlPlanes: number;
  readonly kubernetes: string;
};

const tokenFile = join(labDirectory, 'cluster.token');

const tokenInMachine = '/etc/civitas/token';

const DROP_IN = `[Service]
Environment=PATH=/opt/nats:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`;

// The unit of manifests/ is for an installed civitas; machines run the checkout.
const OF_CHECKOUT = 's|^(Exec.*=-?)civitas |\\1/opt/civitas-node/node /opt/civitas/dist/main.js |';

/** Makes a cluster's token with this checkout's own civitas, keeps it in cluster.token of the lab's directory, and returns it. */
export async function createToken(shape: ClusterShape): Promise<string> {
  const token = await host(process.execPath, [
    ...[join(checkout, 'dist/main.js'), 'token', 'create'],
    ...['--nodes', String(shape.nodes), '--control-planes', String(shape.controlPlanes)],
    ...['--kubernetes', `v${shape.kubernetes}`],
    ...['--spec', join(import.meta.dirname, 'cluster-spec.yaml')],
  ]);
  await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
  return token;
}

/** Puts token and unit into a machine, ready for `startAgent`. Neither is on a command line. */
export async function installAgent(name: string, token: string): Promise<void> {
  const dropIn = `mkdir -p /etc/systemd/system/civitas.service.d
    cat >/etc/systemd/system/civitas.service.d/lab.conf`;
  const tokenAndUnit = `(umask 077; mkdir -p /etc/civitas; cat >${tokenInMachine})
    sed -E '${OF_CHECKOUT}' /opt/civitas/manifests/civitas.service >/etc/systemd/system/civitas.service
    systemctl daemon-reload
    systemctl enable --quiet civitas`;
  await inside(name, dropIn, DROP_IN);
  await inside(name, tokenAndUnit, `${token}\n`);
}

/** Starts the agent; it keeps running over reboots. */
export async function startAgent(name: string): Promise<void> {
  await inside(name, 'systemctl start --no-block civitas');
}

async function inside(name: string, script: string, input = ''): Promise<void> {
  const { exitCode, stderr } = await sh(name, ['sh', '-ec', script], { input });
  if (exitCode !== 0) {
    throw new LabError(
      `the agent cannot be installed in ${name}: ${stderr.trim() || `exit code ${exitCode}`}`,
    );
  }
}
