import { describe, expect, test } from '@jest/globals';
import {
  hasComments,
  keptWording,
  specText,
  withoutTold,
  withRevision,
} from '../../src/cli/spec-text.ts';
import { yamlText } from '../../src/cli/yaml-text.ts';
import { type ClusterSpec, clusterSpecSchema } from '../../src/state/cluster-spec.ts';
import { MOST_WORDING } from '../../src/state/wording.ts';

const parsed = (fields: object): ClusterSpec =>
  clusterSpecSchema.parse({ kubernetesVersion: 'v1.34.4', ...fields });

const WORDING = `# our cluster
kind: Cluster
# three racks
controlPlanes: 3
kubernetesVersion: v1.34.4 # till spring
upgrade:
  policy: window # nights
  window: { start: "02:30", lengthMinutes: 120 }
`;
const NIGHTS = { policy: 'window', window: { start: '02:30', lengthMinutes: 120 } };

describe('the spec is shown as people wrote it last,', () => {
  test('word by word where nothing was changed since', () => {
    expect(specText(parsed({ upgrade: NIGHTS }), WORDING)).toBe(WORDING);
  });

  test('with what was changed since at its field, and comments where they stood', () => {
    const changed = parsed({
      controlPlanes: 5,
      kubernetesVersion: 'v1.35.1',
      size: 7,
      binaries: { sha256: { 'v1.35.1/amd64/kubeadm': 'a'.repeat(64) } },
    });
    expect(specText(changed, WORDING)).toBe(`# our cluster
kind: Cluster
# three racks
controlPlanes: 5
kubernetesVersion: v1.35.1 # till spring
upgrade:
  policy: auto # nights
size: 7
binaries:
  sha256:
    v1.35.1/amd64/kubeadm: ${'a'.repeat(64)}
`);
  });

  test.each([
    { when: 'nobody wrote it', wording: undefined },
    { when: 'it is no YAML', wording: 'a: [' },
    { when: 'it is no spec', wording: 'sise: 4\n' },
    {
      when: 'aliases make one place stand for two',
      wording: 'kubernetesVersion: &v v1.34.4\nupgrade:\n  through: [*v]\n',
    },
  ])('and with every field where $when', ({ wording }) => {
    const spec = parsed({ size: 4 });
    expect(specText(spec, wording)).toBe(yamlText(spec));
  });

  test('and says the same, whatever was changed', () => {
    const specs = [
      parsed({}),
      parsed({ upgrade: NIGHTS }),
      parsed({ upgrade: { ...NIGHTS, through: ['v1.34.9'] }, zones: ['a', 'b'] }),
      parsed({ kubeadm: { clusterConfiguration: { 'a.b': { c: 1 } } } }),
      parsed({ kubeadm: { clusterConfiguration: { 'a.b': {} } } }),
    ];
    for (const from of specs) {
      for (const to of specs) {
        const text = specText(to, specText(from, yamlText(from)));
        expect([keptWording(text), hasComments(text)]).toEqual([{ wording: text }, false]);
        expect(specText(to, text)).toBe(text);
      }
    }
  });
});

test('the revision stands behind the kind, and is no part of what is kept', () => {
  const text = withRevision(WORDING, 12);
  const head = '# our cluster\nkind: Cluster\nmetadata:\n  revision: 12\n# three racks\n';
  expect(text.slice(0, head.length)).toBe(head);
  expect(keptWording(text)).toEqual({ wording: WORDING });
});

test('what was told above an edit is no part of it', () => {
  const told = '#! It is refused.\n# yaml-language-server: $schema=/x\n';
  expect(withoutTold(`${told}${WORDING}`)).toBe(WORDING);
});

test('words that are too long are not kept', () => {
  expect(keptWording(`# ${'x'.repeat(MOST_WORDING)}\n`)).toEqual({});
});

test.each([
  { text: 'size: 4', has: false },
  { text: '{"size": 4}', has: false },
  { text: '# four\nsize: 4', has: true },
  { text: 'size: 4 # four', has: true },
  { text: 'upgrade:\n  # nights\n  policy: auto', has: true },
  { text: 'size: 4\n# end', has: true },
])('$text has comments: $has', ({ text, has }) => {
  expect(hasComments(text)).toBe(has);
});
