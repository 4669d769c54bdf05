import { REPLICA_FILES } from './nats-config.ts';

/** The service of one replica, by its server name. */
export function unitName(serverName: string): string {
  return `civitas-log-${serverName}.service`;
}

export interface ReplicaUnit {
  readonly serverName: string;
  readonly serverPath: string;
  readonly configuration: string;
  /** The only folder it may write to. */
  readonly folder: string;
}

/**
 * A replica is no child of the agent: it goes on while the agent is updated. No boot starts it: only
 * the agent learns whether it still is a replica of the log (docs/decisions). It runs as root without a single capability, sees its own folder, and
 * may do nothing but serve; root, because its folder and keys are root's. Before each start its
 * indexes go, as `forgetIndexes` says, also when it is systemd that starts it again.
 */
export function replicaUnit({
  serverName,
  serverPath,
  configuration,
  folder,
}: ReplicaUnit): string {
  return `[Unit]
Description=civitas log replica ${serverName}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStartPre=-/usr/bin/find ${commandWord(`${folder}/${REPLICA_FILES.store}`)} -path "*/streams/*/msgs/*.db" -delete
ExecStart=${commandWord(serverPath)} --config ${commandWord(configuration)}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=1
TimeoutStopSec=15
LimitNOFILE=65536
LimitCORE=0
OOMScoreAdjust=-900
UMask=0077
ReadWritePaths=${word(folder)}
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
`;
}

/** A path as one word of a unit file, where `%` begins a specifier. */
function word(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

/** In commands `$` begins a variable, too. */
function commandWord(path: string): string {
  return word(path).replaceAll('$', '$$$$');
}
