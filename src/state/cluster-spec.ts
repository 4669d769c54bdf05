import { z } from 'zod';

/** How a cluster identifies the schema of its spec; unknown versions are refused, never guessed. */
const SPEC_API_VERSION = 'civitas.dev/v1alpha1';

const cidr = z.cidrv4('must be a network such as 10.244.0.0/16');
const VERSION_FORM = 'must look like v1.34.4';
const release = z.string(VERSION_FORM).regex(/^v1\.\d{1,3}\.\d{1,3}$/, VERSION_FORM);
/** Of a window. */
export const DAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
const windowSchema = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).max(7).optional().describe('Absent: every day.'),
    start: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30')
      .describe('Time of day in UTC, such as 02:30.'),
    lengthMinutes: z.int().min(1).max(1_440).describe('From start on; it may pass midnight.'),
  })
  .describe('When a rollout may begin and go on, with the policy `window`.');
const patch = z.record(z.string(), z.unknown());

/**
 * What the people who own a cluster ask of it. Everything but the version has a default;
 * unknown fields are refused by name, so a misspelt field never silently means nothing. What the
 * fields mean stands in their descriptions, which editors show (`civitas schema`).
 */
export const clusterSpecSchema = z.strictObject({
  apiVersion: z.literal(SPEC_API_VERSION).default(SPEC_API_VERSION),
  kind: z.literal('Cluster').default('Cluster'),
  size: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Nodes that serve; absent: every enrolled node. The surplus stays spare.'),
  controlPlanes: z
    .union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)])
    .default(3)
    .describe('Nodes that run the API and etcd.'),
  kubernetesVersion: release.describe(
    'The release that all nodes are brought to, such as v1.34.4.',
  ),
  network: z
    .strictObject({
      podSubnet: cidr.default('10.244.0.0/16').describe('Of all pods. Never changes.'),
      serviceSubnet: cidr.default('10.96.0.0/16').describe('Of all Services. Never changes.'),
      plugin: z
        .enum(['host-gateway', 'none'])
        .default('host-gateway')
        .describe(
          'Who connects pods: civitas, by routes in one L2 network, or, with `none`, a CNI plugin that people install. Never changes.',
        ),
    })
    .prefault({})
    .describe('How pods and Services are reached.'),
  replacement: z
    .strictObject({
      graceSeconds: z
        .int()
        .min(0)
        .max(86_400)
        .default(60)
        .describe('How long a control plane may be lost before another takes its place.'),
      maxUnhealthy: z
        .int()
        .min(0)
        .max(1_000)
        .optional()
        .describe('Nothing is replaced while more nodes than that are unhealthy.'),
      policy: z
        .enum(['auto', 'approve'])
        .default('auto')
        .describe('`approve`: waits for `civitas approve`.'),
      promotion: z
        .enum(['in-place', 'rejoin'])
        .default('in-place')
        .describe(
          'How a worker becomes a control plane: under its pods, or drained, reset and joined anew. `in-place` is used for releases in which it was proven.',
        ),
      retry: z
        .strictObject({
          attempts: z
            .int()
            .min(1)
            .max(20)
            .default(5)
            .describe('How often kubeadm may fail on a node before the next one gets its place.'),
          afterSeconds: z
            .int()
            .min(1)
            .max(600)
            .default(5)
            .describe(
              'From the first failure to the next attempt; each further wait is twice as long.',
            ),
        })
        .prefault({})
        .describe('When a join that failed is tried again; the node that gives up is left out.'),
    })
    .prefault({})
    .describe('What becomes of lost control planes.'),
  upgrade: z
    .strictObject({
      maxUnavailable: z
        .int()
        .min(1)
        .max(100)
        .default(1)
        .describe('Workers that are out of service for it at the same time.'),
      drainTimeoutSeconds: z
        .int()
        .min(0)
        .max(86_400)
        .default(600)
        .describe('How long the pods of a node have to leave it.'),
      paused: z
        .boolean()
        .default(false)
        .describe('Nothing new begins; what is under way on a node is ended.'),
      policy: z
        .enum(['auto', 'approve', 'window'])
        .default('auto')
        .describe(
          '`window`: begins and goes on only within `window`; `approve`: waits for `civitas approve`.',
        ),
      window: windowSchema.optional(),
      through: z
        .array(release)
        .max(6)
        .default([])
        .describe('Releases to pass on the way: one for each minor between.'),
    })
    .prefault({})
    .describe('How changes go from node to node.'),
  drain: z
    .strictObject({
      emptyDir: z
        .enum(['evict', 'keep'])
        .default('evict')
        .describe('Pods whose data goes with them; `keep`: no drain begins before they are gone.'),
      bare: z
        .enum(['evict', 'keep'])
        .default('evict')
        .describe(
          'Pods that nobody makes anew, evicted only once `upgrade.drainTimeoutSeconds` are over; `keep`: no drain begins before they are gone.',
        ),
    })
    .prefault({})
    .describe('What of a node goes when it is drained.'),
  certificates: z
    .strictObject({
      policy: z
        .enum(['auto', 'approve', 'window', 'report'])
        .default('auto')
        .describe(
          '`approve`: waits for `civitas approve`; `window`: within `window`; neither is waited for once nine tenths of a life are over. `report`: `civitas status` tells, and nothing is renewed but what is over already.',
        ),
      window: windowSchema.optional(),
    })
    .prefault({})
    .describe('When certificates are renewed.'),
  drift: z
    .strictObject({
      policy: z
        .enum(['repair', 'report'])
        .default('repair')
        .describe('`report`: `civitas status` tells, and nothing is put back.'),
    })
    .prefault({})
    .describe('What is done about parts of a host that were changed by hand.'),
  binaries: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .max(200)
        .optional()
        .describe(
          'Laid out as dl.k8s.io is; absent: from folders, and from other nodes that have them.',
        ),
      sha256: z
        .record(z.string().max(64), z.string().regex(/^[0-9a-f]{64}$/))
        .default({})
        .describe('By `<version>/<arch>/<program>`; counts more than what the URL says.'),
    })
    .prefault({})
    .describe('Where programs of a release come from that no folder of the host holds.'),
  zones: z
    .array(z.string().min(1).max(63))
    .max(64)
    .default([])
    .describe('Failure domains in order of preference; a node names its own with `join --zone`.'),
  kubeadm: z
    .strictObject({
      clusterConfiguration: patch.default({}),
      kubeletConfiguration: patch.default({}),
      kubeProxyConfiguration: patch.default({}),
      ignorePreflightErrors: z.array(z.string().max(100)).max(20).default([]),
    })
    .prefault({})
    .describe('Merged over the documents that civitas generates for kubeadm, by kind.'),
});

export type ClusterSpec = z.infer<typeof clusterSpecSchema>;
