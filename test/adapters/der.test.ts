import { describe, expect, test } from '@jest/globals';
import { der, integer, oid, time } from '../../src/adapters/der.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('der', () => {
  test.each([
    { when: 'it is zero', bytes: '00', written: '020100' },
    { when: 'it has no bytes', bytes: '', written: '020100' },
    { when: 'it begins with a set bit', bytes: '80', written: '02020080' },
    { when: 'it begins with needless zeros', bytes: '00007f', written: '02017f' },
    { when: 'it begins with a needed zero', bytes: '0000ff', written: '020200ff' },
  ])('an integer is positive and shortest when $when', ({ bytes, written }) => {
    expect(hex(integer(Buffer.from(bytes, 'hex')))).toBe(written);
  });

  test.each([
    { length: 0, header: '3000' },
    { length: 127, header: '307f' },
    { length: 128, header: '308180' },
    { length: 255, header: '3081ff' },
    { length: 256, header: '30820100' },
  ])('a length of $length is written in its shortest form', ({ length, header }) => {
    expect(hex(der(0x30, Buffer.alloc(length))).slice(0, header.length)).toBe(header);
  });

  test('large parts of an object identifier take two bytes', () => {
    expect(hex(oid('1.2.840'))).toBe('06032a8648');
  });

  test.each([
    { date: '2049-12-31T23:59:59Z', written: '170d3439313233313233353935395a' },
    { date: '2050-01-01T00:00:00Z', written: '180f32303530303130313030303030305a' },
  ])('$date is written as RFC 5280 wants it', ({ date, written }) => {
    expect(hex(time(Date.parse(date)))).toBe(written);
  });
});
