import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import type { Clock, Tracer } from '@onlyonce/core';
import { Publisher } from '@onlyonce/nestjs';
import type { Logger } from 'pino';
import type { OrderIds } from './order-id.js';
import type { RecordLife } from './order-record.js';
import { OrderResultsHandler, RECORD_LIFE } from './order-results.handler.js';
import { ORDER_STORE, type OrderStore } from './order-store.js';
import { OrderWatch } from './order-watch.js';
import { OrderController } from './order.controller.js';
import { OrderService } from './order.service.js';

export interface OrderModuleOptions {
  /** Provides ORDER_STORE and OrderWatch. */
  readonly imports: NonNullable<ModuleMetadata['imports']>;
  readonly channel: string;
  readonly life: RecordLife;
  readonly clock: Clock;
  readonly ids: OrderIds;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

@Module({})
export class OrderModule {
  static with({ imports, life, ...rest }: OrderModuleOptions): DynamicModule {
    return {
      module: OrderModule,
      imports,
      controllers: [OrderController],
      providers: [
        OrderResultsHandler,
        { provide: RECORD_LIFE, useValue: life },
        {
          provide: OrderService,
          inject: [Publisher, ORDER_STORE, OrderWatch],
          useFactory: (publisher: Publisher, store: OrderStore, watch: OrderWatch) =>
            new OrderService({ publisher, store, watch, life, ...rest }),
        },
      ],
    };
  }
}
