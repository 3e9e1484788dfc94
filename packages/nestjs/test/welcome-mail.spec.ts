import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@onlyonce/core';
import { eventually, InMemoryBackend } from '@onlyonce/testing';
import { Accounts, start } from '../examples/welcome-mail.js';

describe('the example of the README', () => {
  let backend: InMemoryBackend;
  let app: Awaited<ReturnType<typeof start>>;

  beforeEach(async () => {
    backend = new InMemoryBackend({ clock: systemClock });
    app = await start(backend, 'silent');
  });

  afterEach(async () => {
    await app.close();
  });

  it('welcomes an account once, however often it is opened', async () => {
    const accounts = app.get(Accounts);
    const account = { accountId: 'a1', email: 'ada@example.org', country: 'GB' };
    expect(await accounts.open(account)).toBe('opened');
    expect(await accounts.open(account)).toBe('was open');
    await eventually(async () => {
      const { body } = await app.inject({ method: 'GET', url: '/metrics' });
      expect(body).toContain(
        'onlyonce_messages_processed_total{channel="accounts",group="mail",outcome="confirmed"} 1',
      );
    });
  });

  it('rejects what the business does not want', async () => {
    await app.get(Accounts).open({ accountId: 'a2', email: 'bob@example.org', country: 'XX' });
    await eventually(async () => {
      const { body } = await app.inject({ method: 'GET', url: '/metrics' });
      expect(body).toContain(
        'onlyonce_messages_processed_total{channel="accounts",group="mail",outcome="rejected"} 1',
      );
    });
  });

  it('stands in the README as it is here', async () => {
    const folder = new URL('..', import.meta.url);
    const readme = await readFile(new URL('README.md', folder), 'utf8');
    const example = await readFile(new URL('examples/welcome-mail.ts', folder), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  });
});
