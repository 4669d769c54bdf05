import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import type { RolesWorld } from './controllers-roles-world.ts';

/** What must hold at every moment: the sentences that do not. */
export function brokenInvariants(world: RolesWorld): readonly string[] {
  const asked = world.assignments();
  const inits = asked.filter(({ task }) => task === 'init');
  const joining = asked.filter((each) => each.task === 'join-control-plane' && !world.isDone(each));
  const founding = inits.filter((each) => !world.isDone(each));
  const joins = asked.filter(({ task }) => task.startsWith('join-'));

  return [
    ...(world.inits.length > 1 ? [`init ran on ${world.inits}`] : []),
    ...(inits.length > 1 ? [`${inits.length} nodes were given the init`] : []),
    ...(joining.length > 1 ? [`${joining.length} control planes join at once`] : []),
    ...(founding.length > 0 && joins.length > 0 ? ['a join before the first one served'] : []),
  ];
}

/** What must hold once `nodes` machines are there and nothing changes any more. */
export function brokenAtRest(
  world: RolesWorld,
  nodes: number,
  { controlPlanes, size = nodes }: Pick<ClusterSpec, 'controlPlanes'> & { readonly size?: number },
): readonly string[] {
  const asked = world.assignments();
  const count = (role: string) => asked.filter((each) => each.role === role).length;
  const found = {
    controlPlanes: count('control-plane'),
    workers: count('worker'),
    spares: count('spare'),
    unfinished: asked.filter((each) => !world.isDone(each)).length,
  };

  const reachable = Math.min(controlPlanes, nodes % 2 === 0 ? nodes - 1 : nodes);
  const others = Math.max(0, nodes - controlPlanes);
  const workers = Math.min(others, Math.max(0, size - controlPlanes));
  const expected = {
    controlPlanes: reachable,
    workers,
    spares: others - workers,
    unfinished: 0,
  };
  const [seen, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  return seen === wanted ? [] : [`at rest with ${seen} instead of ${wanted}`];
}
