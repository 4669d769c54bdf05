/** What formation needs of the join key, without ever holding it. */
export interface Crypto {
  /**
   * PEM of the CA that signs the certificates of one cluster's enrolled nodes. The same bytes on
   * every node: it is derived from the join key, with the cluster's id as salt.
   */
  enrolmentCa(clusterId: string): string;
}
