import type { Order, OrderTask } from '../../../state/order.ts';
import type { Of } from '../rule.ts';

const ORDERED = /^(upkeep|render|images|pull|certs)(?:-\d+)?-((?!over-).+)$/;
/** Unit names keep only the end of a long operation id. */
const OPERATION_ID_CHARACTERS = 50;

/** What each kind of unit may be run for. */
const TASKS: Readonly<Record<string, readonly OrderTask[]>> = {
  upkeep: ['upgrade-control-plane', 'upgrade-kubelet', 'reconfigure'],
  render: ['upgrade-control-plane', 'reconfigure'],
  images: ['prepare'],
  pull: ['prepare'],
  certs: ['renew-certificates'],
};

/** A command that a host runs for an order. */
export interface OrderedCommand {
  readonly unit: string;
  /** Who runs it: each keeps a term of its own that it obeyed. */
  readonly carrier: 'upkeep' | 'certificates';
  readonly tasks: readonly OrderTask[];
  /** The end of the operation's id, or all of it. */
  readonly operation: string;
}

/** By the name of its unit; such commands are safe to repeat, and so may be begun more than once. */
export function orderedCommand(unit: string): OrderedCommand | undefined {
  const [, kind = '', operation = ''] = ORDERED.exec(unit) ?? [];
  const tasks = TASKS[kind];
  if (tasks === undefined) return undefined;
  return { unit, carrier: kind === 'certs' ? 'certificates' : 'upkeep', tasks, operation };
}

/** Whether a command is of that operation. */
export function isOfOperation({ operation }: OrderedCommand, operationId: string): boolean {
  return operationId.slice(-OPERATION_ID_CHARACTERS) === operation;
}

/** What a commit says that makes a command right: `order/<node>/<task>/<operation>`. */
export function orderFacts({ kind, key, value }: Of<'log.committed'>): readonly string[] {
  if (kind !== 'order' || value === null) return [];
  // Sound: the store parsed what it committed.
  const { task, operationId, drains } = value as Order;
  const isDrained = drains || task === 'drain';
  return [
    `order/${key}/${task}/${operationId}`,
    ...(isDrained ? [`drains/${key}/${operationId}`] : []),
  ];
}

/** Whether the log ever asked this node for it. */
export function isCoveredByOrder(
  facts: ReadonlySet<string>,
  command: OrderedCommand,
  nodeId: string | undefined,
): boolean {
  return [...facts].some((fact) => {
    const [kind, orderedNode, task, operationId = ''] = fact.split('/');
    if (kind !== 'order' || orderedNode !== nodeId) return false;
    return command.tasks.some((each) => each === task) && isOfOperation(command, operationId);
  });
}
