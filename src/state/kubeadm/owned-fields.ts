import type { ClusterSpec } from '../cluster-spec.ts';

/** A document of kubeadm that people may patch. */
export type PatchedDocument = Exclude<keyof ClusterSpec['kubeadm'], 'ignorePreflightErrors'>;

/** Why people do not set it, and what they do instead. */
export interface Owned {
  readonly why: string;
  readonly cure: string;
}

const LEAVE_OUT = 'leave it out';
const OF_RELEASE = owned('it follows from kubernetesVersion');
const AT_FOUNDING = 'before the cluster is founded';

/**
 * What civitas alone says of each document, by path: by another value a guard would be passed by, or
 * nobody would find what is there any more.
 */
export const OWNED_FIELDS: Readonly<Record<PatchedDocument, Readonly<Record<string, Owned>>>> = {
  clusterConfiguration: {
    apiVersion: OF_RELEASE,
    kind: OF_RELEASE,
    kubernetesVersion: owned(
      'a release is brought to one node after the other',
      'set kubernetesVersion',
    ),
    clusterName: owned("it is made from the cluster's id"),
    controlPlaneEndpoint: owned('each host has a load balancer of its own'),
    'networking.podSubnet': owned(
      'routes are made for another field',
      `set network.podSubnet, ${AT_FOUNDING}`,
    ),
    'networking.serviceSubnet': owned(
      'it is checked in another field',
      `set network.serviceSubnet, ${AT_FOUNDING}`,
    ),
    certificatesDir: owned('certificates are handed over, renewed and removed where they are'),
    'etcd.external': owned('members of etcd come and go with control planes', 'set controlPlanes'),
    'etcd.local.dataDir': owned('data of etcd is saved, kept and removed where it is'),
    'etcd.local.imageRepository': owned(
      'images are fetched before they are needed',
      'set kubeadm.clusterConfiguration.imageRepository',
    ),
    'etcd.local.imageTag': owned('each release brings an etcd that has no way back'),
    'etcd.local.extraEnvs': owned(
      'etcd takes its place among the members from there as well',
      'set kubeadm.clusterConfiguration.etcd.local.extraArgs',
    ),
  },
  kubeletConfiguration: {
    apiVersion: OF_RELEASE,
    kind: OF_RELEASE,
    'authentication.x509.clientCAFile': owned('kubeadm keeps the authority of the cluster there'),
    cgroupDriver: owned('each host takes that of its containerd'),
    clusterDNS: owned('it follows from the Services', `set network.serviceSubnet, ${AT_FOUNDING}`),
    clusterDomain: owned(
      'certificates of the API servers name it, too',
      `set kubeadm.clusterConfiguration.networking.dnsDomain, ${AT_FOUNDING}`,
    ),
    containerRuntimeEndpoint: owned('hosts are made ready for containerd at its own socket'),
    imageServiceEndpoint: owned('hosts are made ready for containerd at its own socket'),
    registerNode: owned('a node has its role once Kubernetes knows it'),
    rotateCertificates: owned('kubelets renew their certificates by it'),
    serverTLSBootstrap: owned('nobody approves serving certificates of kubelets'),
    staticPodPath: owned('control planes are built, fenced and taken apart where they are'),
    staticPodURL: owned('control planes are fenced by their files'),
  },
  kubeProxyConfiguration: {
    apiVersion: OF_RELEASE,
    kind: OF_RELEASE,
    'clientConnection.kubeconfig': owned('kubeadm mounts it where it is'),
    clusterCIDR: owned('it is that of the pods', `set network.podSubnet, ${AT_FOUNDING}`),
    hostnameOverride: owned('it would be the same name on every node'),
  },
};

function owned(why: string, cure = LEAVE_OUT): Owned {
  return { why, cure };
}
