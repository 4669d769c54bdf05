import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/** The checkout: machines see it read-only as /opt/civitas. */
export const checkout = join(import.meta.dirname, '..');

/** Everything built and every machine's disk; may be deleted whole after `lab purge`. */
export const labDirectory = resolve(process.env['CIVITAS_LAB_DIR'] ?? '/var/cache/civitas-lab');

/**
 * Name of this lab's network namespace and first part of its cgroups' names.
 * It follows from the directory, so labs in two directories do not touch each other.
 */
export const labId = `civitas-lab-${createHash('sha256').update(labDirectory).digest('hex').slice(0, 6)}`;

/** Where something that `lab build` makes lies once it is built. */
export function artefactPath(name: string): string {
  return join(labDirectory, name);
}

/** Two adjacent minors and two patches of one, newest first. What a machine is asked to run must be one of these. */
export const kubernetesVersions = ['1.34.4', '1.34.3', '1.33.13'] as const;

/** The etcd that each of those asks for, and the folder of lab/go that builds it. */
export const etcdSources = { '3.6.5': 'etcd-3.6', '3.5.24': 'etcd-3.5' } as const;

/** The CoreDNS that each of those asks for, and its module file in lab/go/coredns. */
export const corednsModules = { '1.12.1': 'go.mod', '1.12.0': 'go.1.12.0.mod' } as const;

/** Debian release of the machines. */
export const debianSuite = 'trixie';

/** Machine n7 has 10.88.0.7; the bridge itself is .254. */
export const networkPrefix = '10.88.0';
