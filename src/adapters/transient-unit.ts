import { SMALL_UNSYNCED_PATHS } from '../state/kubernetes-paths.ts';

export interface TransientUnit {
  readonly name: string;
  readonly description: string;
  readonly argv: readonly string[];
  readonly timeoutSeconds: number;
  /** Takes stdout and stderr; must exist already, or systemd makes it readable for everyone. */
  readonly logPath: string;
}

/** kubeadm's pre-flight looks for its programs on PATH; CNI plugins stand in a folder of their own. */
const ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/cni/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
];

/**
 * Not by an agent, which may be dead while kubeadm runs: what kubeadm wrote without fsync can be what a
 * quorum of etcd needs from the promotion of a learner on, seconds after it was written.
 */
const SYNCED_MEANWHILE = `
while sleep 1; do
  find ${SMALL_UNSYNCED_PATHS.join(' ')} -newermt '3 seconds ago' -exec sync {} +
done >/dev/null 2>&1 &
"$@"
code=$?
kill $!
exit $code
`;

/** The service has succeeded only after this was tried. */
const SYNC_AT_THE_END = '-/bin/sync -f /etc /var/lib';

/**
 * The words of `systemd-run` for a service that stays visible after it ended, until it is
 * stopped: a successful one by RemainAfterExit, a failed one because it is not collected.
 * A `oneshot` is limited by TimeoutStartSec, as RuntimeMaxSec begins when it has ended.
 */
export function transientUnitArgs(unit: TransientUnit): readonly string[] {
  return [
    '--quiet',
    '--no-ask-password',
    `--unit=${unit.name}`,
    `--description=${unit.description}`,
    '--service-type=oneshot',
    '--no-block',
    '--remain-after-exit',
    `--property=TimeoutStartSec=${unit.timeoutSeconds}`,
    `--property=ExecStartPost=${SYNC_AT_THE_END}`,
    `--property=StandardOutput=append:${unit.logPath}`,
    `--property=StandardError=append:${unit.logPath}`,
    ...ENVIRONMENT.map((assignment) => `--setenv=${assignment}`),
    '--',
    ...['/bin/sh', '-c', SYNCED_MEANWHILE, 'sh', ...unit.argv].map(withoutExpansion),
  ];
}

/** systemd expands `$NAME` in the words of a service, and reads `$$` as one dollar sign. */
function withoutExpansion(word: string): string {
  return word.replaceAll('$', '$$$$');
}
