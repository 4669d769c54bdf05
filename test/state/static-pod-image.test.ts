import { describe, expect, test } from '@jest/globals';
import { imageOfManifest, versionOfImage } from '../../src/state/static-pod-image.ts';

describe('the image of a static pod', () => {
  test.each([
    [
      '    image: registry.k8s.io/kube-apiserver:v1.34.4\n',
      'registry.k8s.io/kube-apiserver:v1.34.4',
    ],
    ['  - image: "registry.k8s.io/etcd:3.6.5-0"\n', 'registry.k8s.io/etcd:3.6.5-0'],
    ['    imagePullPolicy: IfNotPresent\n', undefined],
    ['', undefined],
  ])('in %j is %s', (line, image) => {
    expect(imageOfManifest(`spec:\n  containers:\n${line}    name: it\n`)).toBe(image);
  });

  test.each([
    ['registry.k8s.io/kube-apiserver:v1.34.4', 'v1.34.4'],
    ['registry.k8s.io/etcd:3.6.5-0', '3.6.5'],
    ['10.0.0.1:5000/kube-scheduler:v1.33.13', 'v1.33.13'],
    ['registry.k8s.io/etcd:3.6.5-0@sha256:0123', '3.6.5'],
    ['10.0.0.1:5000/kube-scheduler', undefined],
    ['registry.k8s.io/pause:latest', undefined],
    ['', undefined],
  ])('%j is of version %s', (image, version) => {
    expect(versionOfImage(image)).toBe(version);
  });
});
