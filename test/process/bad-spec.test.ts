import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { civitas, refusal, runCommand } from '../support/process-command.ts';
import { inNewFolder } from '../support/process-folder.ts';

const create = (args: string, cwd?: string) =>
  runCommand(civitas(['token', 'create', ...args.split(' ')]), cwd === undefined ? {} : { cwd });

/** Nine levels of nine aliases each: 3 GB of words when it is unfolded. */
const ALIASES = Array.from({ length: 10 }, (_, level) => {
  const items = Array.from({ length: 9 }, () => (level === 0 ? 'lol' : `*a${level - 1}`));
  return `a${level}: &a${level} [${items.join(', ')}]`;
}).join('\n');

describe('a cluster that can not be is refused by field and cure, with exit code 2:', () => {
  test.concurrent.each([
    {
      args: '--nodes 0 --kubernetes v1.34.4',
      sentence: '--nodes 0 is wrong: say a whole number from 1 to 1000. [cli.bad-number]',
    },
    {
      args: '--control-planes 2 --kubernetes v1.34.4',
      sentence:
        'The spec is refused: controlPlanes must be 1, 3, 5 or 7: an even number survives no more failures than the odd one below it. [spec.refused]',
    },
    {
      args: '--control-planes 9 --nodes 9 --kubernetes v1.34.4',
      sentence:
        'The spec is refused: controlPlanes must be 1, 3, 5 or 7: an even number survives no more failures than the odd one below it. [spec.refused]',
    },
    {
      args: '--control-planes many --kubernetes v1.34.4',
      sentence:
        '--control-planes many is wrong: say a whole number from 1 to 1000. [cli.bad-number]',
    },
    {
      args: '--control-planes 5 --nodes 3 --kubernetes v1.34.4',
      sentence:
        'The spec is refused: controlPlanes is 5, but only 3 nodes are expected: lower it or expect more nodes. [spec.refused]',
    },
    {
      args: '--size 2 --kubernetes v1.34.4',
      sentence:
        'The spec is refused: size is 2, less than controlPlanes: raise it to 3 or lower controlPlanes. [spec.refused]',
    },
    {
      args: '--nodes 3',
      sentence:
        'The Kubernetes version is missing: say --kubernetes v1.34.4, or kubernetesVersion in --spec. [spec.no-version]',
    },
    {
      args: '--kubernetes v1.27.9',
      sentence:
        'The spec is refused: kubernetesVersion is v1.27.9, which is not supported: choose from v1.28 to v1.35. [spec.refused]',
    },
    {
      args: '--kubernetes latest',
      sentence:
        'The spec is refused: kubernetesVersion is wrong: must look like v1.34.4. [spec.refused]',
    },
    {
      args: '--pod-subnet 10.96.0.0/12 --kubernetes v1.34.4',
      sentence:
        'The spec is refused: network.podSubnet is 10.96.0.0/12 and overlaps network.serviceSubnet 10.96.0.0/16: move one of them. [spec.refused]',
    },
    {
      args: '--service-subnet home --kubernetes v1.34.4',
      sentence:
        'The spec is refused: network.serviceSubnet is wrong: must be a network such as 10.244.0.0/16. [spec.refused]',
    },
  ])('$args', async ({ args, sentence }) => {
    expect(await create(args)).toEqual(refusal(2, sentence));
  });
});

describe('a --spec file is refused, with exit code 2, when', () => {
  const noDocument = (why: string) =>
    `The file spec.yaml is no Cluster document (${why}): correct it, or say what you want with options. [spec.no-document]`;

  test.concurrent.each([
    {
      when: 'it is no YAML',
      text: 'size: {',
      sentence: noDocument(
        'Flow map in block collection must be sufficiently indented and end with a } at line 1, column 8',
      ),
    },
    {
      when: 'it is binary',
      text: Buffer.from('\u0000\u0001\u0002\n'),
      sentence: noDocument('it holds no fields'),
    },
    { when: 'it is a list', text: '- size: 3', sentence: noDocument('it holds no fields') },
    { when: 'it is empty', text: '', sentence: noDocument('it holds no fields') },
    {
      when: 'its aliases stand for gigabytes',
      text: ALIASES,
      sentence: noDocument('Excessive alias count indicates a resource exhaustion attack'),
    },
    {
      when: 'it is huge',
      text: Buffer.alloc(20_000_000, ' '),
      sentence: noDocument('it is larger than 256 KiB'),
    },
    {
      when: 'fields are misspelt or of another type',
      text: 'kubernetesVersion: 1.34\nnetwork: mine\ncontrol-planes: 3\n',
      sentence:
        'The spec is refused: kubernetesVersion is wrong: must look like v1.34.4. network is wrong: Invalid input: expected object, received string. control-planes is no field of the spec: check its spelling. [spec.refused]',
    },
  ])('$when', async ({ text, sentence }) => {
    await inNewFolder(async (cwd) => {
      await writeFile(join(cwd, 'spec.yaml'), text);
      expect(await create('--spec spec.yaml', cwd)).toEqual(refusal(2, sentence));
    });
  });

  test.concurrent('it is not there', async () => {
    const sentence =
      'The file nowhere.yaml can not be read: check the path and its permissions. [cli.no-file]';
    expect(await create('--spec nowhere.yaml')).toEqual(refusal(2, sentence));
  });
});
