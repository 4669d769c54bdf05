import { z } from 'zod';
import { nodeIdSchema } from './node-id.ts';
import { orderReportSchema } from './order-report.ts';

const leafSchema = z.strictObject({
  /** kubeadm's own names, `apiserver`, `etcd-peer`, `admin.conf`; `kubelet`, `kubelet-serving`; `civitas-…` of ours. */
  name: z.string().max(64),
  notBeforeWallMs: z.int(),
  notAfterWallMs: z.int(),
});

/** The certificates of one host: key `nodeId`, written only by that node, when one of them changed. */
export const leafCertificatesSchema = z.strictObject({
  nodeId: nodeIdSchema,
  incarnation: z.int().min(1),
  leaves: z.array(leafSchema).max(64),
  /** Of the last order to renew; null before the first one. */
  work: orderReportSchema.nullable(),
});

export type LeafCertificate = z.infer<typeof leafSchema>;
export type LeafCertificates = z.infer<typeof leafCertificatesSchema>;
