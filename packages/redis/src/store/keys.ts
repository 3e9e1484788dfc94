import { checkedName } from '@onlyonce/core';

/**
 * Names of keys. Everything that must change together lies in one slot: the hash tag is the namespace, not the
 * channel, since a commit touches the inbound channel, the effects and the outbound channels.
 */
export class Keys {
  private readonly tag: string;

  constructor(readonly namespace: string) {
    this.tag = `{${checkedName('namespace', namespace)}}`;
  }

  /** Everything of a channel starts with this; without the last colon it is the Pub/Sub channel. */
  channel(channel: string): string {
    return `${this.tag}:${channel}:`;
  }

  group(channel: string, group: string): string {
    return `${this.tag}:${channel}:${group}:`;
  }

  /** The key of an effect's `key`, such as `{shop}:stock` for `stock`. */
  effect(name: string): string {
    return `${this.tag}:${name}`;
  }
}

/** The key under which an effect's `key` is found by readers outside the engine, such as `{shop}:stock`. */
export function storeKey(namespace: string, name: string): string {
  return new Keys(namespace).effect(name);
}
