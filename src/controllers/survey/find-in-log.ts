import type { Finding } from '../../state/survey.ts';
import { finding } from './finding.ts';
import type { NodeView, Survey } from './observed.ts';

const ONE_DAY_MS = 86_400_000;

/** What is known without Kubernetes. */
export function findInLog({ ask, nodes }: Survey, wallMs: number): readonly Finding[] {
  return [prepared(nodes, ask.kubernetesVersion), certificates(nodes, wallMs)];
}

function prepared(nodes: readonly NodeView[], release: string): Finding {
  const missing = nodes.filter((node) => node.isToGet && !node.prepared.includes(release));
  const names = missing.map(({ hostname }) => hostname).join(', ');
  const troubles =
    missing.length === 0
      ? []
      : [`programs or images of ${release} are missing on ${names}: see what the nodes wait for`];
  return finding(
    'prepared',
    troubles,
    `programs and images of ${release} are on all nodes that are to get it`,
  );
}

/** A rollout ends within a day, and each of its steps must be trusted until then. */
function certificates(nodes: readonly NodeView[], wallMs: number): Finding {
  const troubles = nodes.flatMap(({ hostname, leaves = [] }) =>
    leaves
      .filter(({ notAfterWallMs }) => notAfterWallMs - wallMs < ONE_DAY_MS)
      .map(({ name, notAfterWallMs }) => {
        const end = new Date(notAfterWallMs).toISOString();
        return `the certificate ${name} of ${hostname} ends at ${end}: let civitas renew it first`;
      }),
  );
  const silent = nodes.filter(({ leaves }) => leaves === undefined).map(({ hostname }) => hostname);
  const rest =
    silent.length === 0 ? '' : `, as far as is known (${silent.join(', ')} did not tell)`;
  return finding('certificates', troubles, `no certificate ends within a day${rest}`);
}
