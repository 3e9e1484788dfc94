import { describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module, Scope, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { HandlerContext } from '@onlyonce/core';
import { ONLYONCE_OPTIONS } from '../onlyonce.module-definition.js';
import { HandlerExplorer } from './handler-explorer.js';
import { ProcessOnce } from './process-once.decorator.js';

@Injectable()
class MailHandlers {
  readonly heard: unknown[] = [];

  @ProcessOnce('orders', { group: 'mail', concurrency: 2 })
  sendMail(message: unknown): void {
    this.heard.push(message);
  }

  undecorated(): void {
    throw new Error('is no handler');
  }
}

@Injectable()
class SecondMailHandlers {
  @ProcessOnce('orders', { group: 'mail' })
  again(): void {
    // never runs
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScopedHandlers {
  @ProcessOnce('orders', { group: 'per-request' })
  handle(): void {
    // never runs
  }
}

async function explorerOver(
  providers: NonNullable<Parameters<typeof Module>[0]['providers']>,
  { names, controllers = [] }: { names?: Record<string, string>; controllers?: Type[] } = {},
) {
  const testing = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers,
    providers: [HandlerExplorer, { provide: ONLYONCE_OPTIONS, useValue: { names } }, ...providers],
  }).compile();
  return { explorer: testing.get(HandlerExplorer), testing };
}

describe('HandlerExplorer', () => {
  it('finds decorated methods and binds them to their instance', async () => {
    const { explorer, testing } = await explorerOver([MailHandlers]);
    const [handler, ...others] = explorer.handlers;
    expect(others).toEqual([]);
    expect(handler).toMatchObject({
      ref: { channel: 'orders', group: 'mail' },
      origin: 'MailHandlers.sendMail',
      settings: { concurrency: 2 },
    });
    // The context is not looked at by this handler.
    await handler?.handle('hello', {} as HandlerContext);
    expect(testing.get(MailHandlers).heard).toEqual(['hello']);
  });

  it('finds inherited methods, and methods of controllers', async () => {
    @Controller()
    class Inherited extends MailHandlers {}
    const { explorer } = await explorerOver([], { controllers: [Inherited] });
    expect(explorer.handlers.map(({ origin }) => origin)).toEqual(['Inherited.sendMail']);
  });

  it('puts the configured names in place of those in the decorator', async () => {
    const { explorer } = await explorerOver([MailHandlers], {
      names: { orders: 'order_updates', mail: 'post' },
    });
    expect(explorer.handlers[0]?.ref).toEqual({ channel: 'order_updates', group: 'post' });
  });

  it('counts one instance under two tokens once', async () => {
    const { explorer } = await explorerOver([MailHandlers, { provide: 'alias', useExisting: MailHandlers }]);
    expect(explorer.handlers).toHaveLength(1);
  });

  it('refuses two handlers for one group of a channel, and names both', async () => {
    const { explorer } = await explorerOver([MailHandlers, SecondMailHandlers]);
    expect(() => explorer.handlers).toThrow(
      /group "mail" of channel "orders".*MailHandlers\.sendMail.*SecondMailHandlers\.again/,
    );
  });

  it('refuses two that only meet through the configured names', async () => {
    @Injectable()
    class Other {
      @ProcessOnce('orders', { group: 'post' })
      handle(): void {
        // never runs
      }
    }
    const { explorer } = await explorerOver([MailHandlers, Other], { names: { mail: 'post' } });
    expect(() => explorer.handlers).toThrow(/MailHandlers\.sendMail.*Other\.handle/);
  });

  it('refuses a request-scoped provider, which has no instance to call', async () => {
    const { explorer } = await explorerOver([RequestScopedHandlers]);
    expect(() => explorer.handlers).toThrow(/RequestScopedHandlers\.handle is request-scoped/);
  });

  it('refuses a name that cannot become part of a key', async () => {
    const { explorer } = await explorerOver([MailHandlers], { names: { orders: 'a{b}' } });
    expect(() => explorer.handlers).toThrow(/channel must be/);
  });
});
