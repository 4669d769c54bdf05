import { connect } from 'node:tls';

const TIMEOUT_MS = 5_000;

interface Server {
  readonly host: string;
  readonly port: number;
  /** Shown to servers that refuse to go on without one. */
  readonly cert?: string;
  readonly key?: string;
}

/**
 * SHA-256 of the leaf that a server of this host shows in a handshake; undefined when it shows none.
 * Nothing is sent, and nothing verified: who compares it knows what it must be.
 */
export function servedFingerprint({ host, port, cert, key }: Server): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(cert !== undefined && key !== undefined && { cert, key }),
    });
    const end = (fingerprint: string | undefined) => {
      socket.destroy();
      resolve(fingerprint);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('secureConnect', () => end(socket.getPeerX509Certificate()?.fingerprint256));
  });
}
