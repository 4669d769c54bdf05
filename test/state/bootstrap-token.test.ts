import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bootstrapTokenId, newBootstrapToken } from '../../src/state/bootstrap-token.ts';

describe('bootstrap token', () => {
  test('has the form that Kubernetes asks for, whatever the bytes', () => {
    const bytes = fc.uint8Array({ minLength: 22, maxLength: 22 });
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (draws) => {
        const left = [...draws];
        const token = newBootstrapToken((length) => left.shift() ?? new Uint8Array(length));
        expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
        expect(bootstrapTokenId(token)).toBe(token.slice(0, 6));
      }),
    );
  });

  test('drops bytes that would favour the first letters', () => {
    const draws = [new Uint8Array(22).fill(255), new Uint8Array(22).fill(35)];
    const token = newBootstrapToken(() => draws.shift() ?? new Uint8Array(0));
    expect(token).toBe('999999.9999999999999999');
  });
});
