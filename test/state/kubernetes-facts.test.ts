import { describe, expect, test } from '@jest/globals';
import type { Task } from '../../src/state/assignment.ts';
import {
  isInstalled,
  isWorse,
  type KubernetesFacts,
  statusFacts,
} from '../../src/state/kubernetes-facts.ts';

const worker: KubernetesFacts = {
  node: { ready: false, controlPlane: false, kubeletVersion: 'v1.34.4', podCidr: null },
  hostsControlPlane: false,
  apiServerReady: false,
  etcdMember: 'none',
  initialised: false,
};
const controlPlane: KubernetesFacts = {
  node: { ready: true, controlPlane: true, kubeletVersion: 'v1.34.4', podCidr: '10.244.0.0/24' },
  hostsControlPlane: true,
  apiServerReady: true,
  etcdMember: 'voter',
  initialised: true,
};

describe('isInstalled', () => {
  test.each<{ task: Task; when: string; facts: KubernetesFacts; installed: boolean }>([
    { task: 'init', when: 'all is there', facts: controlPlane, installed: true },
    {
      task: 'init',
      when: 'the last phase is missing',
      facts: { ...controlPlane, initialised: false },
      installed: false,
    },
    {
      task: 'init',
      when: 'the API server does not answer',
      facts: { ...controlPlane, apiServerReady: false },
      installed: false,
    },
    { task: 'join-control-plane', when: 'all is there', facts: controlPlane, installed: true },
    {
      task: 'join-control-plane',
      when: 'etcd only learns',
      facts: { ...controlPlane, etcdMember: 'learner' },
      installed: false,
    },
    {
      task: 'join-control-plane',
      when: 'nobody knows whether etcd votes',
      facts: { ...controlPlane, etcdMember: 'unknown' },
      installed: false,
    },
    { task: 'join-control-plane', when: 'it is a worker', facts: worker, installed: false },
    { task: 'join-worker', when: 'the node is registered', facts: worker, installed: true },
    {
      task: 'join-worker',
      when: 'the node is not registered',
      facts: { ...worker, node: 'absent' },
      installed: false,
    },
    {
      task: 'join-worker',
      when: 'nobody answers',
      facts: { ...worker, node: 'unknown' },
      installed: false,
    },
    { task: 'join-worker', when: 'it is a control plane', facts: controlPlane, installed: false },
  ])('$task when $when: $installed', ({ task, facts, installed }) => {
    expect(isInstalled(task, facts)).toBe(installed);
  });
});

describe('statusFacts', () => {
  const reported = statusFacts(controlPlane);

  test('reports what was seen', () => {
    expect(reported).toEqual({
      nodeReady: true,
      kubeletVersion: 'v1.34.4',
      podCidr: '10.244.0.0/24',
      apiServerReady: true,
      etcdMember: 'voter',
    });
  });

  test('keeps what was reported where nobody answers', () => {
    const unanswered = { ...controlPlane, node: 'unknown', etcdMember: 'unknown' } as const;
    expect(statusFacts(unanswered, reported)).toEqual(reported);
  });

  test.each([
    { change: { nodeReady: false }, worse: true },
    { change: { apiServerReady: false }, worse: true },
    { change: { etcdMember: 'learner' as const }, worse: true },
    { change: { podCidr: null }, worse: false },
    { change: {}, worse: false },
  ])('$change is worse: $worse', ({ change, worse }) => {
    expect(isWorse({ ...reported, ...change }, reported)).toBe(worse);
  });
});
