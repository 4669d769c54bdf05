import type { Command } from 'commander';
import { DEFAULT_STATE_DIR, examples } from './command-parts.ts';

/** Commands about programs and images that a cluster without internet is given. */
export function addBundle(program: Command): void {
  const bundle = program
    .command('bundle')
    .description('programs and images of a release for a cluster without internet');
  bundle
    .command('create')
    .description('pack kubeadm, kubelet, kubectl and archives of images into one file')
    .requiredOption('--kubernetes <version>', 'for example v1.34.4')
    .option('--arch <name>', 'processor: amd64, arm64, ppc64le or s390x', 'amd64')
    .option('--programs <dir>', 'folder with kubeadm, kubelet and kubectl')
    .option('--images <file...>', 'archives of `ctr images export` or `docker save`')
    .requiredOption('-o, --output <file>', 'the bundle')
    .addHelpText(
      'after',
      examples(
        'civitas bundle create --kubernetes v1.34.4 --programs ./bin --images images.tar -o v1.34.4.bundle',
      ),
    )
    .action(async (options) => (await import('./bundle.ts')).bundleCreate(options));
  bundle
    .command('load')
    .description('give the cluster a bundle; the other nodes get it from this one')
    .argument('<file>', 'the bundle')
    .option('--state-dir <dir>', 'state of this node', DEFAULT_STATE_DIR)
    .addHelpText('after', examples('civitas bundle load v1.34.4.bundle'))
    .action(async (file, options) => (await import('./bundle.ts')).bundleLoad(file, options));
}
