import { StoreUnavailableError, type MessageStore } from '@onlyonce/core';

/**
 * Keeps messages from being accepted before it is known that they would not be lost. Only who requires durability
 * shuts it; for everybody else it stands open.
 */
export class PublishGate {
  private shutBecause: string | undefined;

  shut(reason: string): void {
    this.shutBecause = reason;
  }

  open(): void {
    this.shutBecause = undefined;
  }

  /** The same store, which accepts nothing while the gate is shut. */
  guarding(store: Pick<MessageStore, 'publish'>): Pick<MessageStore, 'publish'> {
    return {
      publish: (...args) =>
        this.shutBecause === undefined
          ? store.publish(...args)
          : Promise.reject(new StoreUnavailableError(this.shutBecause)),
    };
  }
}
