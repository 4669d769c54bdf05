import { z } from 'zod';
import type { HostPorts } from '../ports/index.ts';

/**
 * How agents reach a simulated world in another process: JSON lines over a Unix socket. The first
 * line of a connection names the host, `{"host":"n1"}`; then `{"id":1,"port":"files","method":"read",
 * "args":["/etc/hosts"]}` is answered, in any order, by `{"id":1,"result":…}` or `{"id":1,"error":…}`.
 */
export const MAX_LINE_LENGTH = 8_388_608;

type Methods = {
  readonly [P in keyof HostPorts]: { readonly [M in keyof HostPorts[P]]: true };
};

/** Every method that may be called; the type makes it complete. */
export const METHODS: Methods = {
  balancer: {
    observe: true,
    install: true,
    addServer: true,
    removeServer: true,
    writeFile: true,
  },
  certificates: { leaves: true, lacking: true, served: true, restart: true },
  etcd: {
    members: true,
    membersAt: true,
    ownStatus: true,
    health: true,
    removeMember: true,
    promoteMember: true,
    updatePeerUrl: true,
    moveLeader: true,
    snapshot: true,
  },
  files: {
    read: true,
    stamps: true,
    write: true,
    makeFolder: true,
    remove: true,
    removeTree: true,
    move: true,
    list: true,
    sync: true,
  },
  host: {
    check: true,
    prepare: true,
    linkKubernetes: true,
    cgroupDriver: true,
    kubeletRunsForMs: true,
    restartKubelet: true,
    stopStaticPods: true,
    readUnitsAnew: true,
    controlPlaneProcesses: true,
  },
  kube: {
    localApiServerReady: true,
    localApiServerVersion: true,
    localComponentHealthy: true,
    ownNode: true,
    nodes: true,
    initialised: true,
    bootstrapTokens: true,
    createBootstrapToken: true,
    deleteBootstrapToken: true,
    deleteNode: true,
    podsOn: true,
    disruptionBudgets: true,
    evict: true,
    nodeMarks: true,
    setUnschedulable: true,
    setLabels: true,
    addTaint: true,
    removeTaint: true,
    nodeLeases: true,
    controllerManagerRenewedWallMs: true,
    configMap: true,
    patchConfigMap: true,
    volumeAttachments: true,
    deprecatedApisInUse: true,
    writtenObjects: true,
  },
  operations: { announce: true, start: true, observe: true, forget: true },
  podNetwork: {
    observe: true,
    installCni: true,
    masquerade: true,
    addRoute: true,
    removeRoute: true,
    clear: true,
  },
  releases: { present: true, images: true, obtain: true, progress: true },
};

export const helloSchema = z.strictObject({ host: z.string().max(63) });

export const requestSchema = z.strictObject({
  id: z.int().min(0),
  port: z.string().max(32),
  method: z.string().max(32),
  args: z.array(z.unknown()).max(4),
});

const errorSchema = z.strictObject({
  retryable: z.boolean(),
  code: z.string().max(64),
  message: z.string().max(10_000),
});

/** Without `error` the call succeeded; `result` is absent where the method answers undefined. */
export const responseSchema = z.strictObject({
  id: z.int().min(0),
  result: z.unknown().optional(),
  error: errorSchema.optional(),
});

export type WorldRequest = z.infer<typeof requestSchema>;
export type WorldResponse = z.infer<typeof responseSchema>;
