import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { PermanentFailure } from '@onlyonce/core';
import { eventually } from '@onlyonce/testing';
import { startApp } from '../../test/start-app.js';
import { Inbox, ProcessOnce, Publisher } from '../index.js';

const ref = { channel: 'orders', group: 'mail' };

@Injectable()
class Handlers {
  broken = true;
  runs = 0;

  @ProcessOnce(ref.channel, { group: ref.group })
  handle(): void {
    this.runs += 1;
    if (this.broken) throw new PermanentFailure('broken');
  }
}

describe('Inbox', () => {
  it('lists, counts and sends back dead letters: some, or all however many', async () => {
    const { app, telemetry } = await startApp([Handlers]);
    const inbox = app.get(Inbox);
    const publisher = app.get(Publisher);
    expect(inbox.refs).toEqual([ref]);
    const ids = Array.from({ length: 230 }, (_, index) => `m${index}`);
    await Promise.all(ids.map((id) => publisher.publish(ref.channel, { id, body: {} })));
    await eventually(() => expect(telemetry.named('message.dead')).toHaveLength(230));
    expect((await inbox.stats(ref)).dead).toBe(230);

    const page = await inbox.list(ref, 'dead', undefined, 10);
    expect(page.rows).toHaveLength(10);
    expect(page.cursor).toBeDefined();

    app.get(Handlers).broken = false;
    expect(await inbox.redrive(ref, ['m7', 'never-heard-of'])).toEqual(['m7']);
    const told = telemetry.notices.filter(({ event }) => event === 'message.redriven');
    expect(told.map(({ fields }) => fields?.['messageId'])).toEqual(['m7']);
    await eventually(() => expect(telemetry.historyOf('m7')).toContain('message.processed'));
    expect(await inbox.redrive(ref, 'all')).toHaveLength(229);
    await eventually(() => expect(telemetry.named('message.processed')).toHaveLength(230));
    expect(await inbox.redrive(ref, 'all')).toEqual([]);
    await app.close();
  });

  it('ends although what is sent back dies again at once', async () => {
    const { app, telemetry } = await startApp([Handlers]);
    const inbox = app.get(Inbox);
    await app.get(Publisher).publish(ref.channel, { id: 'm1', body: {} });
    await eventually(() => expect(telemetry.named('message.dead')).toHaveLength(1));
    expect(await inbox.redrive(ref, 'all')).toEqual(['m1']);
    await eventually(() => expect(telemetry.named('message.dead')).toHaveLength(2));
    await app.close();
  });

  it('refuses an id that cannot be one', async () => {
    const { app } = await startApp([Handlers]);
    await expect(app.get(Inbox).redrive(ref, ['has space'])).rejects.toThrow(/messageId/);
    await app.close();
  });
});
