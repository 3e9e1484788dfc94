import { describe, expect, it } from '@jest/globals';
import { CHANNEL, FakeClock, InMemoryBackend, RecordingTelemetry, SeededRandom } from '@onlyonce/testing';
import { StoreFullError, StoreRefusedError, StoreUnavailableError } from '../errors.js';
import { noTracer } from '../ports/telemetry.js';
import { Publisher, type PublisherDeps, type PublisherOptions } from './publisher.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function publishing(options?: Partial<PublisherOptions>, deps?: Pick<PublisherDeps, 'soon'>) {
  const clock = new FakeClock();
  const backend = new InMemoryBackend({ clock });
  const telemetry = new RecordingTelemetry();
  const publisher = new Publisher(
    { store: backend.store, clock, random: new SeededRandom(1), telemetry, tracer: noTracer, ...deps },
    { timeoutMs: 1_500, maxBatch: 128, ...options },
  );
  const publish = (id: string, body: unknown = { id }) => publisher.publish(CHANNEL, { id, body });
  const depth = async (): Promise<number> => {
    const ref = { channel: CHANNEL, group: 'stock' };
    await backend.store.register(ref, 'earliest');
    return (await backend.store.stats(ref)).depth;
  };
  return { clock, backend, telemetry, publisher, publish, depth };
}

const batches = ({ timings }: RecordingTelemetry): number[] => timings.map(({ batch }) => batch);

describe('Publisher', () => {
  it('tells what became of each message', async () => {
    const { publish } = publishing();
    expect(await publish('a', 1)).toMatchObject({ kind: 'accepted' });
    expect(await publish('a', 1)).toEqual({ kind: 'duplicate' });
    expect(await publish('a', 2)).toEqual({ kind: 'conflict' });
  });

  it('writes the record of the publisher together with the message', async () => {
    const { publisher, backend } = publishing();
    const record = {
      id: 'a',
      body: 1,
      record: (tx: Parameters<RecordOf>[0]) => tx.hash('orders').put({ a: 'PENDING' }),
    };
    await publisher.publish(CHANNEL, record);
    expect(backend.db.effects.hash('orders')).toEqual({ a: 'PENDING' });
  });

  it('gathers what is published while a call is under way into the next', async () => {
    const { publish, telemetry, clock, backend } = publishing();
    backend.faults.latencyMs = () => 5;
    const first = [publish('a'), publish('b')];
    await clock.advance(1);
    const second = [publish('c')];
    await clock.advance(1);
    const rest = Array.from({ length: 50 }, (_, n) => publish(`m${n}`));
    await clock.settle(Promise.all([...first, ...second, ...rest]));
    expect(batches(telemetry)).toEqual([2, 51]);
  });

  it('gathers for as long as it is told to, also after a call', async () => {
    const turn: (() => void)[] = [];
    const { telemetry, publish } = publishing({}, { soon: (task) => turn.push(task) });
    const first = [publish('a')];
    await nextTurn();
    first.push(publish('b'));
    expect(turn).toHaveLength(1);
    turn.shift()?.();
    const second = [publish('c')];
    await Promise.all(first);
    second.push(publish('d'));
    expect(turn).toHaveLength(1);
    turn.shift()?.();
    await Promise.all(second);
    expect(batches(telemetry)).toEqual([2, 2]);
    expect(turn).toEqual([]);
  });

  it('has a second call under way when many wait, and no third', async () => {
    const { publish, clock, backend, telemetry } = publishing();
    backend.faults.latencyMs = () => 5;
    const real = backend.store.publish.bind(backend.store);
    let under = 0;
    let most = 0;
    backend.store.publish = async (...args) => {
      under += 1;
      most = Math.max(most, under);
      return real(...args).finally(() => (under -= 1));
    };
    const all = [publish('a')];
    await clock.advance(1);
    for (let n = 0; n < 400; n += 1) all.push(publish(`m${n}`));
    await clock.settle(Promise.all(all));
    expect(most).toBe(2);
    expect(batches(telemetry)).toEqual([1, 128, 128, 128, 16]);
  });

  it('lets nobody wait for long only because one call is slow', async () => {
    const { publish, clock, backend } = publishing();
    backend.faults.latencyMs = () => 200;
    const slow = publish('slow');
    await clock.advance(1);
    backend.faults.latencyMs = () => 1;
    const answers: string[] = [];
    const next = publish('next').then(({ kind }) => answers.push(kind));
    await clock.advance(30);
    expect(answers).toEqual(['accepted']);
    await clock.settle(Promise.all([slow, next]));
  });

  it('asks again after a lost answer, and reports the one message that there is', async () => {
    const { publish, backend, clock, depth } = publishing();
    backend.loseAnswerOf('publish');
    expect(await clock.settle(publish('a'))).toEqual({ kind: 'duplicate' });
    expect(await depth()).toBe(1);
  });

  it('waits for a store that is away, if it comes back in time', async () => {
    const { publish, backend, clock } = publishing();
    backend.disconnect();
    const answer = publish('a');
    await clock.advance(1_000);
    backend.reconnect();
    expect(await clock.settle(answer)).toMatchObject({ kind: 'accepted' });
  });

  it('says that the store is unavailable within the time-out, for messages that wait for their turn as well', async () => {
    const { publish, backend, clock } = publishing({ maxBatch: 1 });
    backend.disconnect();
    const answers = Promise.allSettled(['a', 'b', 'c', 'd'].map((id) => publish(id)));
    await clock.advance(1_500);
    expect(await clock.settle(answers, 0)).toMatchObject(
      Array.from({ length: 4 }, () => ({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } })),
    );
  });

  it('never sends a message whose caller was told "unavailable" while it waited', async () => {
    const { publish, backend, clock, depth } = publishing({ maxBatch: 1 });
    backend.disconnect();
    const answers = Promise.allSettled(Array.from({ length: 20 }, (_, n) => publish(`m${n}`)));
    await clock.advance(1_500);
    await answers;
    backend.reconnect();
    await clock.advance(60_000);
    expect(await depth()).toBe(0);
    expect(await clock.settle(publish('later'))).toMatchObject({ kind: 'accepted' });
  });

  it('does not send a message again, either, whose caller was told "unavailable" between two attempts', async () => {
    const { publish, backend, clock, depth } = publishing({ maxBatch: 1 });
    backend.disconnect();
    const answers = Promise.allSettled(['busy1', 'busy2'].map((id) => publish(id)));
    await clock.advance(1_000);
    // It waits until the two calls give up at 1,500, is sent then, and its caller is told at 2,500.
    const late = expect(publish('late')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await clock.advance(1_600);
    await late;
    backend.reconnect();
    await clock.advance(10_000);
    await answers;
    expect(await depth()).toBe(0);
  });

  it('sends the others of a batch in which one has expired', async () => {
    const { publish, backend, clock, depth } = publishing({ timeoutMs: 100 });
    backend.faults.latencyMs = () => 55;
    // Two calls are under way at most: these keep both busy until 110 and 111 ms.
    const told = [publish('busy')];
    await clock.advance(1);
    for (let n = 0; n < 64; n += 1) told.push(publish(`busy${n}`));
    await clock.advance(1);
    told.push(publish('expired'));
    const unavailable = Promise.allSettled(told);
    await clock.advance(88);
    backend.faults.latencyMs = () => 10;
    expect(await clock.settle(publish('alive'))).toMatchObject({ kind: 'accepted' });
    expect(new Set((await unavailable).map(({ status }) => status))).toEqual(new Set(['rejected']));
    backend.faults.latencyMs = () => 0;
    expect(await depth()).toBe(1 + 64 + 1);
  });

  it.each([
    { field: 'messageId', channel: CHANNEL, message: { id: 'a b', body: 1 } },
    { field: 'channel', channel: 'a:b', message: { id: 'a', body: 1 } },
    { field: 'body', channel: CHANNEL, message: { id: 'a', body: undefined } },
  ])('refuses what cannot be published: $field', async ({ field, channel, message }) => {
    const { publisher, telemetry } = publishing();
    await expect(publisher.publish(channel, message)).rejects.toMatchObject({ code: 'INVALID_INPUT', field });
    expect(telemetry.timings).toEqual([]);
  });

  it('tells errors that no repetition cures at once, and names those of somebody else', async () => {
    const { publisher, backend } = publishing();
    backend.store.publish = () => Promise.reject(new StoreRefusedError('no right'));
    await expect(publisher.publish(CHANNEL, { id: 'a', body: 1 })).rejects.toMatchObject({
      message: 'no right',
    });
    backend.store.publish = () => Promise.reject(new TypeError('a bug'));
    await expect(publisher.publish(CHANNEL, { id: 'a', body: 1 })).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      cause: { message: 'a bug' },
    });
  });

  it('answers everybody in a batch and goes on, whatever telemetry throws', async () => {
    const { publish, telemetry } = publishing();
    const published = (): never => {
      throw new Error('a bug of a dashboard');
    };
    Object.assign(telemetry, { published });
    const results = await Promise.all([publish('a', 1), publish('b', 1), publish('a', 2)]);
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'conflict']);
    expect(await publish('c')).toMatchObject({ kind: 'accepted' });
  });

  it('tells each caller at its own time, however many wait', async () => {
    const { publish, backend, clock } = publishing();
    backend.disconnect();
    const told: string[] = [];
    const tell = (id: string) => void publish(id).catch(() => told.push(id));
    for (const id of ['a', 'b', 'c']) {
      tell(id);
      await clock.advance(400);
    }
    await clock.advance(299);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['a']);
    await clock.advance(400);
    expect(told).toEqual(['a', 'b']);
    await clock.advance(400);
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('gives up within the time-out on a store that stays full', async () => {
    const { publish, backend, clock } = publishing();
    backend.store.publish = () => Promise.reject(new StoreFullError('no memory'));
    const answer = Promise.allSettled([publish('a')]);
    const [result] = await clock.settle(answer, 2_000);
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailableError) });
  });
});

type RecordOf = NonNullable<Parameters<Publisher['publish']>[1]['record']>;
