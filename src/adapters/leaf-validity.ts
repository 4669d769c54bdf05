import { X509Certificate } from 'node:crypto';
import type { LeafFile } from '../state/leaf-files.ts';
import { parseKubeconfig } from './kubeconfig.ts';

/** The first certificate of a file, which may hold a key and authorities as well. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;

/** The leaf in the text of its file; undefined where there is none that can be read. */
export function leafIn(
  text: string,
  { form }: Pick<LeafFile, 'form'>,
): X509Certificate | undefined {
  try {
    const pem = form === 'pem' ? text : embeddedIn(text);
    const [certificate] = CERTIFICATE.exec(pem) ?? [];
    return certificate === undefined ? undefined : new X509Certificate(certificate);
  } catch {
    return undefined; // half written, or none of ours
  }
}

/** When it was issued at the earliest, and when it ends, in milliseconds since 1970. */
export function validityOf(leaf: X509Certificate) {
  return {
    notBeforeWallMs: leaf.validFromDate.getTime(),
    notAfterWallMs: leaf.validToDate.getTime(),
  };
}

function embeddedIn(text: string): string {
  const { certData = '' } = parseKubeconfig(text).user;
  return Buffer.from(certData, 'base64').toString('latin1');
}
