import { stringify } from 'yaml';

/** secretbox (XSalsa20-Poly1305) takes keys of exactly 32 bytes. */
export const ENCRYPTION_KEY_BYTES = 32;

/** EncryptionConfiguration for Secrets; `identity` lets the API server read what was written before. */
export function encryptionConfig(key: Uint8Array): string {
  const secret = btoa(String.fromCharCode(...key));
  return stringify(
    {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources: [
        {
          resources: ['secrets'],
          providers: [{ secretbox: { keys: [{ name: 'key1', secret }] } }, { identity: {} }],
        },
      ],
    },
    { lineWidth: 0 },
  );
}
