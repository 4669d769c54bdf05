import { describe, expect, test } from '@jest/globals';
import { withAddress } from '../../src/state/with-address.ts';

describe('an address in place of another', () => {
  test.each([
    {
      text: 'https://10.0.0.1:2379,https://127.0.0.1:2379',
      moved: 'https://10.0.0.9:2379,https://127.0.0.1:2379',
    },
    {
      text: '--advertise-address=10.0.0.1\n    host: 10.0.0.1\n',
      moved: '--advertise-address=10.0.0.9\n    host: 10.0.0.9\n',
    },
    {
      text: 'n1=https://10.0.0.1:2380,n2=https://10.0.0.12:2380',
      moved: 'n1=https://10.0.0.9:2380,n2=https://10.0.0.12:2380',
    },
    { text: '110.0.0.1 10.0.0.1.5 10x0.0.1', moved: '110.0.0.1 10.0.0.1.5 10x0.0.1' },
    { text: 'at 10.0.0.1.', moved: 'at 10.0.0.9.' },
  ])('stands in $text', ({ text, moved }) => {
    expect(withAddress(text, '10.0.0.1', '10.0.0.9')).toBe(moved);
  });
});
