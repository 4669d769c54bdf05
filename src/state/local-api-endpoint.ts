/**
 * The API server as every node reaches it: its own load balancer. It stands in certificates and
 * kubeconfigs of all nodes, and kubeadm knows no way to change it later.
 */
export const LOCAL_API_ENDPOINT = '127.0.0.1:7443';
