/** kubeadm gives up; the message is its last word. */
export class KubeadmFailure extends Error {}

/** The process is gone, by a kill or a power cut: it does and says nothing more. */
export class OperationEnded extends Error {}
