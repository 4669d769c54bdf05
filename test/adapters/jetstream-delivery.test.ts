import { describe, expect, test } from '@jest/globals';
import { createDelivery, type DeliveredMessage } from '../../src/adapters/jetstream-delivery.ts';

function message(deliverySequence: number, pending: number): DeliveredMessage {
  return {
    subject: '$KV.log.leadership.current',
    seq: 100 + deliverySequence,
    data: new TextEncoder().encode(`value ${deliverySequence}`),
    headers: undefined,
    info: { deliverySequence, pending },
  } as DeliveredMessage;
}

/** A delivery, and what came of it. */
function watched() {
  const seen = { revisions: [] as number[], gaps: 0, heard: 0, complete: false };
  const delivery = createDelivery(
    'log',
    {
      onRecord: ({ revision }) => seen.revisions.push(revision),
      onHeard: () => {
        seen.heard += 1;
      },
    },
    () => {
      seen.gaps += 1;
    },
  );
  void delivery.complete.then(() => {
    seen.complete = true;
  });
  return { delivery, seen };
}

const created = (pending: number, sent = 0) => {
  return { num_pending: pending, delivered: { consumer_seq: sent, stream_seq: 0 } };
};

describe('a delivery', () => {
  test('is complete at once when there is nothing', async () => {
    const { delivery, seen } = watched();
    delivery.onCreated(created(0));
    await delivery.complete;
    expect(seen).toEqual({ revisions: [], gaps: 0, heard: 0, complete: true });
  });

  test('is not complete before the last of what there was', async () => {
    const { delivery, seen } = watched();
    delivery.onCreated(created(2));
    delivery.onMessage(message(1, 1));
    await Promise.resolve();
    const before = seen.complete;
    delivery.onMessage(message(2, 0));
    await delivery.complete;
    expect([before, seen.complete, seen.revisions]).toEqual([false, true, [101, 102]]);
  });

  test('may have begun before the server said so', async () => {
    const { delivery, seen } = watched();
    delivery.onMessage(message(1, 1));
    delivery.onCreated(created(0, 2));
    await Promise.resolve();
    expect(seen.complete).toBe(false);
  });

  test('has a gap when a message is missing, and passes nothing on that follows it', () => {
    const { delivery, seen } = watched();
    for (const number of [1, 3, 4]) delivery.onMessage(message(number, 9));
    expect([seen.gaps > 0, seen.revisions]).toEqual([true, [101]]);
  });

  test('has a gap when a heartbeat knows of a message that never came', () => {
    const { delivery, seen } = watched();
    delivery.onMessage(message(1, 0));
    delivery.onHeartbeat(2);
    expect(seen.gaps).toBe(1);
  });

  test('has none when a heartbeat was overtaken by the message after it', () => {
    const { delivery, seen } = watched();
    delivery.onMessage(message(1, 0));
    delivery.onMessage(message(2, 0));
    delivery.onHeartbeat(1);
    expect([seen.gaps, seen.heard]).toEqual([0, 3]);
  });

  test('from a replica that lags behind has reached the end only with the last message', async () => {
    const { delivery } = watched();
    let there = false;
    delivery.onMessage(message(1, 0));
    const reached = delivery.reached(102).then(() => {
      there = true;
    });
    await delivery.complete;
    const before = there;
    delivery.onMessage(message(2, 0));
    await reached;
    expect([before, there]).toEqual([false, true]);
  });

  test('has reached what was delivered before anybody asked', async () => {
    const { delivery } = watched();
    delivery.onMessage(message(1, 0));
    await expect(delivery.reached(101)).resolves.toBeUndefined();
  });
});
