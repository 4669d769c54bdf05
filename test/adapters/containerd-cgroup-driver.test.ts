import { expect, test } from '@jest/globals';
import { parseCgroupDriver } from '../../src/adapters/containerd-cgroup-driver.ts';

function config(plugin: string, runc: boolean, other: boolean): string {
  const options = (name: string, systemd: boolean) => `
      [plugins.${plugin}.containerd.runtimes.${name}]
        runtime_type = "io.containerd.runc.v2"

        [plugins.${plugin}.containerd.runtimes.${name}.options]
          BinaryName = ""
          SystemdCgroup = ${systemd}
`;
  return `version = 2\n${options('kata', other)}${options('runc', runc)}\n[debug]\n  level = ""\n`;
}

const V2 = '"io.containerd.grpc.v1.cri"';
const V3 = "'io.containerd.cri.v1.runtime'";

test.each([
  { when: 'runc asks systemd (1.x)', text: config(V2, true, false), driver: 'systemd' },
  { when: 'runc asks systemd (2.x)', text: config(V3, true, false), driver: 'systemd' },
  { when: 'only another runtime does', text: config(V2, false, true), driver: 'cgroupfs' },
  { when: 'nothing is said', text: 'version = 2\n', driver: 'cgroupfs' },
])("the kubelet's cgroup driver when $when: $driver", ({ text, driver }) => {
  expect(parseCgroupDriver(text)).toBe(driver);
});
