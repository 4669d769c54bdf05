/**
 * Simulated key material: PEM blocks that hold a readable sentence instead of a key. They are copied
 * and compared like real ones and are good for nothing else.
 */
export function simulatedCertificate(subject: string): string {
  return pem('CERTIFICATE', `simulated certificate of ${subject}`);
}

export function simulatedPrivateKey(subject: string): string {
  return pem('EC PRIVATE KEY', `simulated private key of ${subject}`);
}

export function simulatedPublicKey(subject: string): string {
  return pem('PUBLIC KEY', `simulated public key of ${subject}`);
}

function pem(label: string, sentence: string): string {
  return `-----BEGIN ${label}-----\n${btoa(sentence)}\n-----END ${label}-----\n`;
}
