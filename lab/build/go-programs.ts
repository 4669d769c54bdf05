import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hostWhileAlive } from '../host.ts';
import { corednsModules, etcdSources, kubernetesVersions } from '../settings.ts';
import { type Artefact, keyOf } from './artefact.ts';
import { findGo } from './go-toolchain.ts';

const sources = join(import.meta.dirname, '../go');

type Program = {
  readonly name: string;
  readonly title: string;
  /** Folder of lab/go with the module. */
  readonly module: string;
  readonly moduleFile?: string;
  /** Binary to build, and the package in the module. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly linkerFlags?: string;
};

/** Folder names below bin: what machines see in /opt/k8s, and what images are packed from. */
export const etcdFolder = (version: string) =>
  version === newestEtcd ? 'bin/etcd' : `bin/etcd-${version}`;
export const corednsFolder = (version: string) => `bin/coredns-${version}`;
export const kubernetesFolder = (version: string) => `bin/${version}`;
export const podFolder = 'bin/pod';

const [newestEtcd] = Object.keys(etcdSources);

/** Every Go program of the lab, as artefacts. */
export async function goPrograms(): Promise<readonly Artefact[]> {
  const programs = [
    ...kubernetesVersions.map(kubernetes),
    ...Object.entries(etcdSources).map(([version, module]) => etcd(version, module)),
    ...Object.entries(corednsModules).map(([version, file]) => coredns(version, file)),
    pod,
  ];
  return Promise.all(programs.map(artefact));
}

function kubernetes(version: string): Program {
  const [major, minor] = version.split('.');
  // The newest patch of a minor has the plain name.
  const newest = kubernetesVersions.find((each) => each.startsWith(`${major}.${minor}.`));
  const stamped = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(
    (path) => [
      `-X ${path}.gitVersion=v${version}`,
      `-X ${path}.gitMajor=${major}`,
      `-X ${path}.gitMinor=${minor}`,
      `-X ${path}.gitTreeState=clean`,
      `-X ${path}.buildDate=2026-01-01T00:00:00Z`,
    ],
  );
  return {
    name: kubernetesFolder(version),
    title: `Kubernetes ${version}, built by Go`,
    module: `kubernetes-${major}.${minor}`,
    moduleFile: version === newest ? 'go.mod' : `go.${version}.mod`,
    binaries: { hyperkube: '.' },
    links: { kubeadm: 'hyperkube', kubelet: 'hyperkube', kubectl: 'hyperkube' },
    linkerFlags: stamped.join(' '),
  };
}

function etcd(version: string, module: string): Program {
  const hasTools = version === newestEtcd;
  return {
    name: etcdFolder(version),
    title: `etcd ${version}, built by Go`,
    module,
    binaries: { etcd: '.' },
    links: hasTools ? { etcdctl: 'etcd', etcdutl: 'etcd' } : {},
  };
}

function coredns(version: string, moduleFile: string): Program {
  return {
    name: corednsFolder(version),
    title: `CoreDNS ${version}, built by Go`,
    module: 'coredns',
    moduleFile,
    binaries: { coredns: '.' },
  };
}

const pod: Program = {
  name: podFolder,
  title: 'pause and web, built by Go',
  module: 'pod',
  binaries: { pause: './pause', web: './web' },
};

async function artefact(program: Program): Promise<Artefact> {
  const recipe = JSON.stringify(program);
  return {
    name: program.name,
    title: program.title,
    key: keyOf(recipe, ...(await sourceTexts(program))),
    make: (folder) => compile(program, folder),
  };
}

async function sourceTexts({ module }: Program): Promise<readonly string[]> {
  const entries = await readdir(join(sources, module), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  return Promise.all(files.sort().map((file) => readFile(file, 'utf8')));
}

async function compile(program: Program, folder: string): Promise<void> {
  const go = await findGo();
  const { module, moduleFile = 'go.mod', linkerFlags = '' } = program;
  for (const [binary, source] of Object.entries(program.binaries)) {
    const output = join(folder, binary);
    await mkdir(dirname(output), { recursive: true });
    const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', `-modfile=${moduleFile}`];
    await hostWhileAlive(
      go,
      ['build', ...flags, `-ldflags=-s -w ${linkerFlags}`, '-o', output, source],
      {
        cwd: join(sources, module),
        env: { CGO_ENABLED: '0', GOFLAGS: '' },
      },
    );
  }
  for (const [link, target] of Object.entries(program.links ?? {})) {
    await symlink(target, join(folder, link));
  }
}
