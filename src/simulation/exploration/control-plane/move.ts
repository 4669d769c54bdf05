import { type Cluster, withPlace } from './cluster.ts';
import type { ClusterStep, Model } from './model.ts';
import type { Place } from './place.ts';

/** A move of one place alone; what follows its name is `what`, a colon with no blank before it. */
export function to(
  { places }: Model,
  cluster: Cluster,
  index: number,
  what: string,
  change: Partial<Place>,
): ClusterStep {
  const name = what.startsWith(':') ? `#${index}${what}` : `#${index} ${what}`;
  return { name, next: withPlace(places, cluster, index, change), deeds: [] };
}
