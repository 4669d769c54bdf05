import type { BalancerServer } from '../ports/balancer.ts';
import type { HostCheck } from '../ports/host.ts';
import type { OperationState } from '../ports/operations.ts';
import type { Route } from '../ports/pod-network.ts';
import { type Component, MANIFESTS } from './paths.ts';
import { emptyDisk, type SimulatedDisk } from './simulated-disk.ts';

/** What a machine is like before civitas touches it. */
export interface HostSpec {
  readonly hostname: string;
  /** Its only one. Hosts in one /24 share a link. */
  readonly address: string;
  /** Versions of the Kubernetes binaries found on it. */
  readonly kubernetesVersions?: readonly string[];
  /** What is not installed. */
  readonly lacks?: readonly ('containerd' | 'haproxy')[];
  readonly swapOn?: boolean;
  /** Whether pods on it use local volumes once it has a Node; default: none does. */
  readonly localVolumes?: boolean;
}

/** A transient systemd unit. */
export interface SimulatedUnit {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly output: string[];
  readonly abort: AbortController;
  /** Variables that its program was started with. */
  readonly environment?: Readonly<Record<string, string>>;
  state: OperationState;
}

interface SimulatedKubelet {
  /** The service is started; it crash-loops until it finds its configuration. */
  wanted: boolean;
  running: boolean;
  /** False when it found no manifests folder at its start: then it looks only now and then. */
  watchesManifests: boolean;
  /** A kubelet registers its Node once in its life; one that is deleted stays away. */
  registered: boolean;
  startedAtMs: number;
  /** Static pods that ran already when it started. */
  foundPods: ReadonlySet<Component>;
  /** Of the program that was started. */
  version: string;
  /** kubelet.conf as it was when the kubelet read it, at its start or after its TLS bootstrap. */
  kubeconfig: string | undefined;
}

/** What is lost with the power. */
export interface HostRuntime {
  readonly units: Map<string, SimulatedUnit>;
  /** Units that are about to be started, and never were. */
  readonly announced: Set<string>;
  readonly kubelet: SimulatedKubelet;
  /** Containers of static pods; they outlive the kubelet that started them. */
  readonly pods: Set<Component>;
  /** The manifest each of them was started from. */
  readonly podManifests: Map<Component, string>;
  /** Minor of the kubelet that started each of them. */
  readonly podMinors: Map<Component, number>;
  /** The client certificate each of them read when it started. */
  readonly podCertificates: Map<Component, string | undefined>;
  /** Pods of the API whose containers run here, by uid; they too outlive the kubelet. */
  readonly containers: Set<string>;
  /** How often the machine was switched on. */
  readonly boot: number;
  /** The etcd process once it serves. */
  etcd: { readonly clusterId: string; readonly memberId: string } | undefined;
  /** `/readyz` of the local API server. */
  apiServerReady: boolean;
  balancer: readonly BalancerServer[] | undefined;
  routes: readonly Route[];
  masqueradeFor: string | null;
}

/** A failure that a test has put in the way of one phase of kubeadm. */
export interface ArmedFailure {
  readonly phase: string;
  readonly text: string;
  /** Whether the phase does its work before it fails. */
  readonly when: 'before' | 'after';
}

/** A program of a release that does not start, `kubelet v1.34.4`; or no registry of images answers. */
export type BreakablePart = `${'kubelet' | 'kube-apiserver'} ${string}` | 'registries';

export interface SimulatedHost {
  readonly spec: HostSpec;
  readonly name: string;
  address: string;
  readonly formerAddresses: Set<string>;
  disk: SimulatedDisk;
  /** Undefined while the power is off. */
  runtime: HostRuntime | undefined;
  armed: readonly ArmedFailure[];
  /** Nothing tells of it before somebody needs it. */
  readonly broken: Set<BreakablePart>;
  boots: number;
  /** How far its wall clock is ahead of the right time. */
  wallOffsetMs: number;
}

export type PoweredHost = SimulatedHost & { runtime: HostRuntime };

export function createHost(spec: HostSpec): SimulatedHost {
  const { hostname, address } = spec;
  return {
    spec,
    name: hostname,
    address,
    formerAddresses: new Set(),
    disk: emptyDisk(),
    runtime: undefined,
    armed: [],
    broken: new Set(),
    boots: 0,
    wallOffsetMs: 0,
  };
}

export function isPowered(host: SimulatedHost): host is PoweredHost {
  return host.runtime !== undefined;
}

export function freshRuntime(host: SimulatedHost): HostRuntime {
  return {
    units: new Map(),
    announced: new Set(),
    kubelet: {
      wanted: true,
      running: false,
      watchesManifests: host.disk.folders.has(MANIFESTS),
      registered: false,
      startedAtMs: 0,
      foundPods: new Set(),
      version: '',
      kubeconfig: undefined,
    },
    pods: new Set(),
    podManifests: new Map(),
    podMinors: new Map(),
    podCertificates: new Map(),
    containers: new Set(),
    boot: host.boots,
    etcd: undefined,
    apiServerReady: false,
    balancer: lacks(host, 'haproxy') ? undefined : host.disk.balancerServers,
    routes: [],
    masqueradeFor: null,
  };
}

export function lacks(host: SimulatedHost, thing: HostCheck['name']): boolean {
  return (host.spec.lacks ?? []).some((missing) => missing === thing);
}

export function swapIsOn(host: SimulatedHost): boolean {
  return host.spec.swapOn === true;
}
