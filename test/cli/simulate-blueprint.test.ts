import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { blueprintFrom, type SimulatedFrom } from '../../src/cli/simulate/blueprint-from.ts';
import { newToken } from '../../src/cli/token-create.ts';
import type { Blueprint } from '../../src/simulation/scenario/blueprint.ts';
import { inNewFolder } from '../support/process-folder.ts';

const token = await newToken({ nodes: '4', kubernetes: 'v1.34.4' });
const FILES: Readonly<Record<string, string>> = {
  spec: 'kubernetesVersion: v1.34.4\nzones: [a, b]\nnetwork: { plugin: none }\n',
  empty: 'size: 3\n',
  token,
};

/** `spec` and `tokenFile` name one of the files above. */
function blueprint(from: Partial<SimulatedFrom>): Promise<Blueprint> {
  return inNewFolder(async (folder) => {
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
    const { spec, tokenFile, ...rest } = from;
    return blueprintFrom({
      stateDir: folder,
      ...(spec === undefined ? {} : { spec: join(folder, spec) }),
      ...(tokenFile === undefined ? {} : { tokenFile: join(folder, tokenFile) }),
      ...rest,
    });
  });
}

describe('empty machines', () => {
  test('of a spec are five, in the zones that it names, with the pod network there is', async () => {
    const { machines, spec, expectedNodes, notes } = await blueprint({ spec: 'spec' });
    expect(machines.map(({ hostname, zone }) => `${hostname} ${zone}`)).toEqual([
      'n1 a',
      'n2 b',
      'n3 a',
      'n4 b',
      'n5 a',
    ]);
    expect({ expectedNodes, controlPlanes: spec.controlPlanes }).toEqual({
      expectedNodes: 5,
      controlPlanes: 3,
    });
    expect(notes).toEqual([
      'Machines, network, kubeadm, etcd and Kubernetes are simulated; all that decides is this release.',
      'The pod network is simulated as host-gateway, where the spec says none.',
    ]);
  });

  test('of a spec on two machines have one control plane', async () => {
    const { spec } = await blueprint({ spec: 'spec', nodes: '2' });
    expect(spec.controlPlanes).toBe(1);
  });

  test('of a token are as many as it expects, unless told otherwise', async () => {
    const [four, three] = [
      await blueprint({ tokenFile: 'token' }),
      await blueprint({ tokenFile: 'token', nodes: '3', controlPlanes: '1' }),
    ];
    expect(
      [four, three].map(({ machines, expectedNodes, spec }) => {
        return [machines.length, expectedNodes, spec.controlPlanes];
      }),
    ).toEqual([
      [4, 4, 3],
      [3, 4, 1],
    ]);
  });
});

interface Refused {
  readonly from: Partial<SimulatedFrom>;
  readonly code: string;
  /** Or what is in it, where paths are, too. */
  readonly sentence: string;
}

describe('what can not be simulated is refused by one sentence with the cure:', () => {
  test.each<Refused>([
    {
      from: { spec: 'spec', nodes: '51' },
      code: 'cli.bad-plan',
      sentence: '--nodes 51 is wrong: say a whole number from 1 to 50.',
    },
    {
      from: { tokenFile: 'token', nodes: '0' },
      code: 'cli.bad-plan',
      sentence: '--nodes 0 is wrong: say a whole number from 1 to 50.',
    },
    {
      from: { spec: 'spec', controlPlanes: '7' },
      code: 'spec.refused',
      sentence:
        'The spec is refused: controlPlanes is 7, but only 5 nodes are expected: lower it or expect more nodes.',
    },
    {
      from: { spec: 'spec', tokenFile: 'token' },
      code: 'cli.bad-plan',
      sentence: '--spec and --token-file both say what to simulate: leave one of them out.',
    },
    {
      from: { nodes: '3' },
      code: 'cli.bad-plan',
      sentence:
        '--nodes is for machines that form from nothing: add --spec or --token-file, or leave it out.',
    },
    {
      from: { controlPlanes: '3' },
      code: 'cli.bad-plan',
      sentence:
        '--control-planes is for machines that form from nothing: add --spec or --token-file, or leave it out.',
    },
    {
      from: { spec: 'empty' },
      code: 'spec.no-version',
      sentence: 'The Kubernetes version is missing: say kubernetesVersion in ',
    },
    {
      from: { spec: 'nowhere' },
      code: 'cli.no-file',
      sentence: ' can not be read: check the path and its permissions.',
    },
    {
      from: { tokenFile: 'empty' },
      code: 'token.wrong-prefix',
      sentence: 'The token is refused because it does not begin with civitas1',
    },
    {
      from: {},
      code: 'agent.not-running',
      sentence: 'agent.sock: start it with `civitas join --token-file FILE`',
    },
  ])('$from', async ({ from, code, sentence }) => {
    await expect(blueprint(from)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
  });
});
