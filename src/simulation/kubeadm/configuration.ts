import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { durationMs } from '../go-duration.ts';
import { minorOf } from '../kubernetes-releases.ts';
import {
  type ClusterConfiguration,
  type ConfigVersion,
  configurationSchemas,
  type InitConfiguration,
  type JoinConfiguration,
  type ResetConfiguration,
  resetConfigurationSchema,
  type UpgradeConfiguration,
  upgradeConfigurationSchema,
} from './configuration-schema.ts';
import { KubeadmFailure } from './failure.ts';

const KUBEADM_GROUP = 'kubeadm.k8s.io/';
const FIRST_MINOR_OF_V1BETA4 = 31;
/** A cluster has few files of configuration, and each is read many times. */
const MOST_REMEMBERED = 200;
const alreadyRead = new Map<string, KubeadmConfiguration>();
/** Reads what any version wrote. */
const NEWEST = 'v1.34.0';

/** The documents of a kubeadm configuration file that the simulation acts on. */
export interface KubeadmConfiguration {
  readonly init: InitConfiguration;
  readonly cluster: ClusterConfiguration;
  readonly join: JoinConfiguration | undefined;
  readonly upgrade: UpgradeConfiguration;
  readonly reset: ResetConfiguration;
  /** The documents as they were written, by kind: what kubeadm stores in the cluster. */
  readonly documents: ReadonlyMap<string, unknown>;
}

interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly body: unknown;
}

const header = z.looseObject({ apiVersion: z.string(), kind: z.string() });

/**
 * Reads a configuration file as kubeadm of this version would: v1beta4 is unknown before 1.31, and
 * arguments have the form of the file's version. Throws KubeadmFailure where kubeadm refuses.
 */
export function readConfiguration(text: string, kubeadmVersion = NEWEST): KubeadmConfiguration {
  const key = `${kubeadmVersion} ${text}`;
  const known = alreadyRead.get(key);
  if (known) return known;
  const configuration = parseConfiguration(text, kubeadmVersion);
  if (alreadyRead.size >= MOST_REMEMBERED) alreadyRead.clear();
  alreadyRead.set(key, configuration);
  return configuration;
}

function parseConfiguration(text: string, kubeadmVersion: string): KubeadmConfiguration {
  const documents = parseAllDocuments(text).map((document) => toDocument(document.toJS()));
  for (const document of documents) refuseUnknownVersion(document, kubeadmVersion);
  const schemas = configurationSchemas[versionOf(documents)];
  const find = (kind: string) => documents.find((document) => document.kind === kind);
  const joining = find('JoinConfiguration');
  return {
    init: parse(schemas.init, find('InitConfiguration')),
    cluster: parse(schemas.cluster, find('ClusterConfiguration')),
    join: joining && parse(schemas.join, joining),
    upgrade: parse(upgradeConfigurationSchema, find('UpgradeConfiguration')),
    reset: parse(resetConfigurationSchema, find('ResetConfiguration')),
    documents: new Map(documents.map(({ kind, body }) => [kind, body])),
  };
}

/** Milliseconds of a timeout field; kubeadm refuses what is no duration. */
export function timeoutMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new KubeadmFailure(`time: invalid duration "${text}"`);
  return ms;
}

function toDocument(body: unknown): Document {
  const { data } = header.safeParse(body);
  if (!data)
    throw new KubeadmFailure(
      'invalid configuration: kind and apiVersion is mandatory information that must be specified',
    );
  return { apiVersion: data.apiVersion, kind: data.kind, body };
}

function refuseUnknownVersion({ apiVersion, kind }: Document, kubeadmVersion: string): void {
  if (!apiVersion.startsWith(KUBEADM_GROUP)) return;
  const known =
    minorOf(kubeadmVersion) >= FIRST_MINOR_OF_V1BETA4 ? ['v1beta3', 'v1beta4'] : ['v1beta3'];
  if (known.includes(apiVersion.slice(KUBEADM_GROUP.length))) return;
  throw new KubeadmFailure(
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "k8s.io/kubernetes/cmd/kubeadm/app/apis/kubeadm/scheme/scheme.go:31"`,
  );
}

function versionOf(documents: readonly Document[]): ConfigVersion {
  const own = documents.find(({ apiVersion }) => apiVersion.startsWith(KUBEADM_GROUP));
  return own?.apiVersion.endsWith('v1beta3') ? 'v1beta3' : 'v1beta4';
}

function parse<S extends z.ZodType>(schema: S, document: Document | undefined): z.output<S> {
  const { data, error } = schema.safeParse(document?.body ?? {});
  if (data !== undefined) return data;
  const issue = error?.issues[0];
  throw new KubeadmFailure(
    `error unmarshaling configuration ${document?.kind}: json: cannot unmarshal field ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
