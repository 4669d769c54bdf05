import { RetryableError } from '../errors.ts';
import type { FindProgram } from './find-program.ts';
import type { HaproxyProcess } from './haproxy-balancer.ts';
import type { SystemdUnits } from './systemd-units.ts';

const HAPROXY_UNIT = 'civitas-haproxy.service';

/**
 * HAProxy as a unit that needs no agent: the kubelet finds its API servers at boot even when the
 * agent does not start. The master stays root to read the file and bind sockets anew at a reload,
 * so it may do little more; the worker, which talks to the network, is nobody.
 */
export function createHaproxyUnit(
  units: SystemdUnits,
  find: FindProgram,
  configPath: string,
): HaproxyProcess {
  return {
    start: async () => {
      const program = await find('haproxy');
      if (program === undefined) throw notInstalled();
      const file = await units.write(HAPROXY_UNIT, renderUnit(program, configPath));
      const [unit] = await units.show(HAPROXY_UNIT);
      const enabled = unit?.unitFileState === 'enabled';
      if (file === 'written' || !enabled) await units.enable(HAPROXY_UNIT);
      if (file === 'written') await started(units.restart(HAPROXY_UNIT));
      else if (unit?.activeState !== 'active') await started(units.start(HAPROXY_UNIT));
    },
    reload: () => units.reload(HAPROXY_UNIT),
  };
}

async function started(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const message = `${HAPROXY_UNIT} does not start: see \`journalctl -u ${HAPROXY_UNIT}\`; most likely something else holds its port.`;
    throw new RetryableError('balancer.not-started', message, { cause });
  }
}

function notInstalled(): RetryableError {
  const message = 'haproxy is not installed on this machine: install haproxy 2.6 or later.';
  return new RetryableError('balancer.not-installed', message);
}

function renderUnit(program: string, configPath: string): string {
  return `[Unit]
Description=Load balancer of this node in front of the Kubernetes API servers
Before=kubelet.service
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=${program} -Ws -f ${configPath}
ExecReload=${program} -c -q -f ${configPath}
ExecReload=/bin/kill -USR2 $MAINPID
KillMode=mixed
TimeoutStopSec=5
Restart=always
RestartSec=1s
SuccessExitStatus=143
RuntimeDirectory=civitas-haproxy
RuntimeDirectoryMode=0700
LimitNOFILE=65536
OOMScoreAdjust=-900
CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL
LockPersonality=true
MemoryDenyWriteExecute=true
NoNewPrivileges=true
PrivateDevices=true
PrivateTmp=true
ProtectClock=true
ProtectControlGroups=true
ProtectHome=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectProc=invisible
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}
