/** kubeadm gives up; the message is what it prints after `error: `. */
export class KubeadmFailure extends Error {}

/** The process is gone, by a kill or a power cut: it does and says nothing more. */
export class OperationEnded extends Error {}
