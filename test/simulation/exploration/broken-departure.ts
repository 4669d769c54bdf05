import { decide } from '../../../src/controllers/departure/decide.ts';
import type {
  ClusterSight,
  SponsoredDeparture,
} from '../../../src/controllers/departure/observed.ts';
import { isPeerAt } from '../../../src/state/etcd-peer.ts';

type Departure = typeof decide;
type Sight = (sight: ClusterSight, of: SponsoredDeparture['of']) => ClusterSight;

/** The real thing, deceived about what Kubernetes and etcd show. */
function seeing(sight: Sight): Departure {
  return ({ departures, ...observed }) =>
    decide({
      ...observed,
      departures: departures.map(({ cluster, ...departure }) => ({
        ...departure,
        cluster: 'unseen' in cluster ? cluster : sight(cluster, departure.of),
      })),
    });
}

export const allMembersSeemWell: Departure = seeing(({ health, node }, { addresses }) => {
  const answers = health.members.find(({ status }) => status)?.status;
  const members = health.members.map((member) => {
    if (isPeerAt(member, addresses) || !answers) return member;
    return { ...member, status: { ...answers, id: member.id } };
  });
  return { health: { ...health, members }, node };
});

export const nothingSeemsLeft: Departure = seeing(({ health }, { addresses }) => {
  const members = health.members.filter((member) => !isPeerAt(member, addresses));
  return { health: { ...health, members }, node: undefined };
});
