import { createRoles } from '../../src/controllers/roles/controller.ts';
import { type Action, decide, type Observed } from '../../src/controllers/roles/decide.ts';
import { RetryableError } from '../../src/errors.ts';
import { reconcile } from '../../src/runtime/reconcile.ts';
import type { Assignment } from '../../src/state/assignment.ts';
import type { ClusterSpec } from '../../src/state/cluster-spec.ts';
import { SINGLETON } from '../../src/state/kinds.ts';
import type { NodeId } from '../../src/state/node-id.ts';
import { genesisRecord, id, liveness, node, served, spec, status } from './controllers-entries.ts';
import { createWorld, portsIn, type World } from './controllers-ports.ts';

export type Decide = typeof decide;

const EVENT_MS = 5_000;

/** A cluster of hosts that do what they are asked, and one leader that runs `roles`. */
export class RolesWorld {
  readonly world: World = createWorld();
  /** Who ran `kubeadm init`, in order. */
  readonly inits: NodeId[] = [];
  readonly #order: readonly number[];
  readonly #decide: Decide;
  readonly #dead = new Set<NodeId>();
  #roles = createRoles(genesisRecord);
  #enrolled = 0;

  constructor(order: readonly number[], decideRoles: Decide = decide) {
    this.#order = order;
    this.#decide = decideRoles;
  }

  async start(wanted: Partial<ClusterSpec>): Promise<void> {
    await this.world.store.set('spec', SINGLETON, spec(wanted));
    await this.changeLeader();
  }

  assignments(): readonly Assignment[] {
    return this.world.store.list('assignment').map(({ value }) => value);
  }

  isDone(asked: Assignment): boolean {
    const phase = this.world.store.get('status', asked.nodeId)?.value.phase;
    return phase === 'serving' || phase === 'spare';
  }

  /** One of the things that may happen next, by number. */
  async happen(event: number): Promise<void> {
    this.world.nowMs += EVENT_MS;
    const target = this.#order[event % this.#order.length] ?? 1;
    const kinds = [
      () => this.enrolNext(),
      () => this.progress(target),
      () => this.progress(target),
      () => this.pass(),
      () => this.pass(),
      () => this.judge(target, 'dead'),
      () => this.judge(target, 'alive'),
      () => this.changeLeader(),
    ];
    await kinds[Math.floor(event / this.#order.length) % kinds.length]?.();
  }

  /** Everybody comes, lives and gets on until nothing changes any more; looked at after each pass. */
  async settle(look: () => void): Promise<void> {
    for (const number of this.#order)
      await this.enrolNext().then(() => this.judge(number, 'alive'));
    for (let before = -1; before !== this.world.store.revision; ) {
      before = this.world.store.revision;
      // More than the 30 s for which the choice of genesis is waited for.
      this.world.nowMs += 40_000;
      await this.pass();
      look();
      for (const number of this.#order) await this.progress(number);
    }
  }

  async enrolNext(): Promise<void> {
    const number = this.#order[this.#enrolled];
    if (number === undefined) return;
    this.#enrolled += 1;
    await this.world.store.set('node', id(number), node(number));
    await this.world.store.set('status', id(number), status(number));
    await this.judge(number, 'alive');
  }

  async judge(number: number, verdict: 'alive' | 'dead'): Promise<void> {
    if (this.world.store.get('node', id(number)) === undefined) return;
    if (verdict === 'dead') this.#dead.add(id(number));
    else this.#dead.delete(id(number));
    await this.world.store.set('liveness', id(number), liveness(number, { verdict }));
  }

  async changeLeader(): Promise<void> {
    const leader = { nodeId: id(1), incarnation: 1 };
    this.world.term = await this.world.store.set('leadership', SINGLETON, leader);
    this.#roles = createRoles(genesisRecord);
  }

  async pass(): Promise<void> {
    this.world.sinceLogFailoverMs = this.world.nowMs;
    const controller = { ...this.#roles, decide: this.#decide };
    await reconcile(controller, portsIn(this.world)).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
    });
  }

  /** What the leader would do now, without doing it. */
  async intend(): Promise<readonly Action[]> {
    this.world.sinceLogFailoverMs = this.world.nowMs;
    const observed: Observed = await this.#roles.observe(portsIn(this.world));
    return this.#decide(observed).filter((action) => action.type === 'assign');
  }

  /** One step of a host towards its assignment. */
  async progress(number: number): Promise<void> {
    const { store } = this.world;
    const asked = store.get('assignment', id(number))?.value;
    const said = store.get('status', id(number))?.value;
    if (asked === undefined || said === undefined || this.#dead.has(id(number))) return;
    if (this.isDone(asked) && said.operationId === asked.operationId) return;
    if (said.operationId !== asked.operationId) {
      if (!(await this.#begin(asked))) return;
      const { operationId } = asked;
      await store.set('status', id(number), status(number, { phase: 'installing', operationId }));
      return;
    }
    if (asked.sponsor !== null && this.#dead.has(asked.sponsor)) return;
    await store.set('status', id(number), served(asked));
  }

  /** The operation's entry is written before anything is done, and only where there is none yet. */
  async #begin({ operationId, nodeId, incarnation, term, task }: Assignment): Promise<boolean> {
    const { store } = this.world;
    const present = store.get('operation', operationId)?.value;
    if (present !== undefined) return present.nodeId === nodeId;
    const snapshot = { machine: 'operation', version: 1, value: 'running', context: {} };
    const operation = { operationId, nodeId, incarnation, term, task, snapshot };
    await store.put('operation', operationId, operation, 0);
    if (task === 'init') this.inits.push(nodeId);
    return true;
  }
}
