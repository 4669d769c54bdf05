/** Three replicas with a port for clients and one for routes each: one node may have to run all. */
export const LOG_PORTS = 6;
