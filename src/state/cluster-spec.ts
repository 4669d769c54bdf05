import { z } from 'zod';

/** How a cluster identifies the schema of its spec; unknown versions are refused, never guessed. */
const SPEC_API_VERSION = 'civitas.dev/v1alpha1';

const cidr = z.cidrv4('must be a network such as 10.244.0.0/16');
const VERSION_FORM = 'must look like v1.34.4';
const patch = z.record(z.string(), z.unknown());

/**
 * What the people who own a cluster ask of it. Everything but the version has a default;
 * unknown fields are refused by name, so a misspelt field never silently means nothing.
 */
export const clusterSpecSchema = z.strictObject({
  apiVersion: z.literal(SPEC_API_VERSION).default(SPEC_API_VERSION),
  kind: z.literal('Cluster').default('Cluster'),
  /** Nodes that serve; absent: every enrolled node. The surplus stays spare. */
  size: z.int().min(1).max(1_000).optional(),
  controlPlanes: z.union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)]).default(3),
  kubernetesVersion: z.string(VERSION_FORM).regex(/^v1\.\d{1,3}\.\d{1,3}$/, VERSION_FORM),
  network: z
    .strictObject({
      podSubnet: cidr.default('10.244.0.0/16'),
      serviceSubnet: cidr.default('10.96.0.0/16'),
      plugin: z.enum(['host-gateway', 'none', 'manifest']).default('host-gateway'),
    })
    .prefault({}),
  replacement: z
    .strictObject({
      graceSeconds: z.int().min(0).max(86_400).default(60),
      maxUnhealthy: z.int().min(0).max(1_000).optional(),
      policy: z.enum(['auto', 'approve']).default('auto'),
    })
    .prefault({}),
  upgrade: z
    .strictObject({
      maxUnavailable: z.int().min(1).max(100).default(1),
      drainTimeoutSeconds: z.int().min(0).max(86_400).default(600),
      paused: z.boolean().default(false),
    })
    .prefault({}),
  /** Failure domains in order of preference; a node names its own with `join --zone`. */
  zones: z.array(z.string().min(1).max(63)).max(64).default([]),
  /** Merged over the documents that civitas generates for kubeadm, by kind. */
  kubeadm: z
    .strictObject({
      clusterConfiguration: patch.default({}),
      kubeletConfiguration: patch.default({}),
      kubeProxyConfiguration: patch.default({}),
      ignorePreflightErrors: z.array(z.string().max(100)).max(20).default([]),
    })
    .prefault({}),
});

export type ClusterSpec = z.infer<typeof clusterSpecSchema>;
