import { expect, test } from '@jest/globals';
import { parseCniPodCidr, renderCniConflist } from '../../src/adapters/cni-conflist.ts';

test.each([
  { when: 'there is none', conflist: undefined, podCidr: null },
  { when: 'it is no JSON', conflist: '{', podCidr: null },
  { when: 'it is of another plugin', conflist: '{"plugins":[{"type":"calico"}]}', podCidr: null },
  { when: 'it is ours', conflist: renderCniConflist('10.244.7.0/24'), podCidr: '10.244.7.0/24' },
])('the pod network of a CNI configuration when $when: $podCidr', ({ conflist, podCidr }) => {
  expect(parseCniPodCidr(conflist)).toBe(podCidr);
});
