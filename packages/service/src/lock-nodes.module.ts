import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { LockProvider } from '@onlyonce/core';

/** Locks on stores of their own, with the connections that they need. */
export interface LockNodes {
  readonly locks: LockProvider;
  close(): Promise<void>;
}

/** Injects LockNodes, or undefined where no LOCK_NODES are configured. */
export const LOCK_NODES = Symbol('LockNodes');

/** The second lock around handlers, where LOCK_NODES names its masters. Opened here, and so closed here. */
@Module({})
export class LockNodesModule implements OnApplicationShutdown {
  /** @param open undefined: there is no second lock */
  static with(open: (() => Promise<LockNodes>) | undefined): DynamicModule {
    return {
      module: LockNodesModule,
      providers: [{ provide: LOCK_NODES, useFactory: () => open?.() }],
      exports: [LOCK_NODES],
    };
  }

  constructor(@Inject(LOCK_NODES) private readonly nodes: LockNodes | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    await this.nodes?.close();
  }
}
