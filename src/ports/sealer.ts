import type { Sealed } from '../state/handover.ts';

/** Boxes for one node: X25519, HKDF-SHA256, AES-256-GCM. */
export interface Sealer {
  /** `recipientKey`: the X25519 public key of the node record, base64. */
  seal(recipientKey: string, plaintext: string): Sealed;
  /** Opens with this node's own key; TerminalError `seal.foreign` when it was not sealed to it. */
  open(sealed: Sealed): string;
}
