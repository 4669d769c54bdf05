import { expect, test } from '@jest/globals';
import { specJsonSchema } from '../../src/state/spec-json-schema.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** What nobody needs told, or what has no sentence of its own in what is generated. */
const SPEAK_FOR_THEMSELVES = [
  'apiVersion',
  'kind',
  'metadata.revision',
  'kubeadm.clusterConfiguration',
  'kubeadm.kubeletConfiguration',
  'kubeadm.kubeProxyConfiguration',
  'kubeadm.ignorePreflightErrors',
];

function undescribed({ properties = {} }: Schema, above = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = above + name;
    const own = field.description === undefined ? [path] : [];
    return [...own, ...undescribed(field, `${path}.`)];
  });
}

test('the schema for editors tells what every field means, and demands the version alone', () => {
  const schema = specJsonSchema() as Schema;
  expect(undescribed(schema)).toEqual(SPEAK_FOR_THEMSELVES.toSorted(byPlace(schema)));
  expect(schema.required).toEqual(['kubernetesVersion']);
});

/** In the order of the document. */
function byPlace(schema: Schema): (left: string, right: string) => number {
  const places = Object.keys(schema.properties ?? {});
  const place = (path: string) => places.indexOf(path.split('.')[0] ?? '');
  return (left, right) => place(left) - place(right);
}
