import { z } from 'zod';

export type ConfigVersion = 'v1beta3' | 'v1beta4';

const texts = z.array(z.string()).default([]);
const endpoint = z.looseObject({ advertiseAddress: z.string().optional() }).prefault({});

/** Lists of `{name, value}` came with v1beta4; before, arguments were a map. */
function argumentsOf(version: ConfigVersion) {
  if (version === 'v1beta3') return z.record(z.string(), z.string()).default({});
  const list = z.array(z.strictObject({ name: z.string(), value: z.string() }));
  return list
    .default([])
    .transform((entries) => Object.fromEntries(entries.map(({ name, value }) => [name, value])));
}

const timeouts = z
  .looseObject({
    controlPlaneComponentHealthCheck: z.string().default('4m'),
    kubeletHealthCheck: z.string().default('4m'),
    kubernetesAPICall: z.string().default('1m'),
    etcdAPICall: z.string().default('2m'),
    tlsBootstrap: z.string().default('5m'),
    discovery: z.string().default('5m'),
  })
  .prefault({});

const taint = z.object({
  key: z.string(),
  value: z.string().default(''),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

function registrationOf(version: ConfigVersion) {
  return z
    .looseObject({
      name: z.string().optional(),
      kubeletExtraArgs: argumentsOf(version),
      /** Absent: a control plane's default taint; an empty list: none. */
      taints: z.array(taint).optional(),
      ignorePreflightErrors: texts,
    })
    .prefault({});
}

/** kubeadm makes up a token where none is given. */
const bootstrapToken = z.looseObject({
  token: z.string().optional(),
  ttl: z.string().default('24h'),
  description: z.string().optional(),
});

function initConfigurationSchema(version: ConfigVersion) {
  return z.looseObject({
    bootstrapTokens: z.array(bootstrapToken).default([{ ttl: '24h' }]),
    localAPIEndpoint: endpoint,
    nodeRegistration: registrationOf(version),
    skipPhases: texts,
    timeouts,
  });
}

function clusterConfigurationSchema(version: ConfigVersion) {
  const component = z.looseObject({ extraArgs: argumentsOf(version) }).prefault({});
  return z.looseObject({
    kubernetesVersion: z.string().optional(),
    controlPlaneEndpoint: z.string().optional(),
    networking: z.looseObject({ podSubnet: z.string().optional() }).prefault({}),
    apiServer: z
      .looseObject({
        extraArgs: argumentsOf(version),
        /** v1beta3 only; later it is one of the timeouts. */
        timeoutForControlPlane: z.string().optional(),
      })
      .prefault({}),
    controllerManager: component,
    scheduler: component,
    featureGates: z.record(z.string(), z.boolean()).default({}),
  });
}

function joinConfigurationSchema(version: ConfigVersion) {
  return z.looseObject({
    discovery: z.looseObject({
      file: z.looseObject({ kubeConfigPath: z.string() }).optional(),
      bootstrapToken: z
        .looseObject({ token: z.string(), apiServerEndpoint: z.string() })
        .optional(),
      tlsBootstrapToken: z.string().optional(),
      timeout: z.string().optional(),
    }),
    controlPlane: z.looseObject({ localAPIEndpoint: endpoint }).optional(),
    nodeRegistration: registrationOf(version),
    skipPhases: texts,
    timeouts,
  });
}

const upgradeStep = z
  .looseObject({
    certificateRenewal: z.boolean().default(true),
    ignorePreflightErrors: texts,
    skipPhases: texts,
  })
  .prefault({});

/** Both kinds came with v1beta4. */
export const upgradeConfigurationSchema = z.looseObject({
  apply: upgradeStep,
  node: upgradeStep,
  timeouts: z.looseObject({ upgradeManifests: z.string().default('5m') }).prefault({}),
});

export const resetConfigurationSchema = z.looseObject({
  cleanupTmpDir: z.boolean().default(false),
});

function schemasOf(version: ConfigVersion) {
  return {
    init: initConfigurationSchema(version),
    cluster: clusterConfigurationSchema(version),
    join: joinConfigurationSchema(version),
  };
}

/** Of the kinds that differ from version to version. */
export const configurationSchemas = {
  v1beta3: schemasOf('v1beta3'),
  v1beta4: schemasOf('v1beta4'),
} as const satisfies Record<ConfigVersion, unknown>;

export type InitConfiguration = z.output<ReturnType<typeof initConfigurationSchema>>;
export type ClusterConfiguration = z.output<ReturnType<typeof clusterConfigurationSchema>>;
export type JoinConfiguration = z.output<ReturnType<typeof joinConfigurationSchema>>;
export type UpgradeConfiguration = z.output<typeof upgradeConfigurationSchema>;
export type ResetConfiguration = z.output<typeof resetConfigurationSchema>;
