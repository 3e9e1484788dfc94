import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { checkedName, InvalidInputError, type MessageHandler } from '@onlyonce/core';
import { ONLYONCE_OPTIONS } from '../onlyonce.module-definition.js';
import type { OnlyonceOptions } from '../onlyonce.options.js';
import type { BoundHandler } from './bound-handler.js';
import { PROCESS_ONCE, type ProcessOnceMetadata } from './process-once.decorator.js';

/** Finds the methods decorated with `@ProcessOnce` once all providers exist. */
@Injectable()
export class HandlerExplorer {
  private found: readonly BoundHandler[] | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    @Inject(ONLYONCE_OPTIONS) private readonly options: OnlyonceOptions,
  ) {}

  /**
   * All handlers of this process.
   * @throws InvalidInputError a handler that cannot be used, or two for one group of one channel, naming both
   */
  get handlers(): readonly BoundHandler[] {
    this.found ??= this.explore();
    return this.found;
  }

  private explore(): BoundHandler[] {
    const byRef = new Map<string, BoundHandler>();
    const seen = new Set<object>();
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      // Under useExisting one instance has several names.
      const host = this.hostOf(wrapper);
      if (!host || seen.has(host.key)) continue;
      seen.add(host.key);
      for (const method of this.scanner.getAllMethodNames(host.prototype)) {
        for (const handler of this.bind(host, method)) {
          const key = `${handler.ref.channel}/${handler.ref.group}`;
          const other = byRef.get(key);
          if (other) throw new InvalidInputError('@ProcessOnce', twice(other, handler));
          byRef.set(key, handler);
        }
      }
    }
    return [...byRef.values()];
  }

  private hostOf(wrapper: Wrapper): Host | undefined {
    const prototype = wrapper.isDependencyTreeStatic()
      ? prototypeOf(wrapper.instance)
      : prototypeOfClass(wrapper);
    if (!prototype) return undefined;
    const instance = wrapper.isDependencyTreeStatic() ? (wrapper.instance as object) : undefined;
    return { key: instance ?? prototype, prototype, instance, name: prototype.constructor.name };
  }

  private bind({ instance, prototype, name }: Host, method: string): BoundHandler[] {
    const function_ = (prototype as Record<string, unknown>)[method];
    if (typeof function_ !== 'function') return [];
    const metadata = (Reflect.getMetadata(PROCESS_ONCE, function_) ?? []) as readonly ProcessOnceMetadata[];
    const origin = `${name}.${method}`;
    return metadata.map(({ channel, options: { group, schema, onDead, ...settings } }) => {
      if (!instance) {
        throw new InvalidInputError(
          '@ProcessOnce',
          `needs a singleton provider: ${origin} is request-scoped or transient`,
        );
      }
      return {
        ref: { channel: this.named('channel', channel), group: this.named('group', group) },
        origin,
        settings,
        schema,
        onDead,
        // The decorator's type has made sure that the method takes (message, context).
        handle: (function_ as MessageHandler<unknown>).bind(instance),
      };
    });
  }

  private named(field: string, name: string): string {
    return checkedName(field, this.options.names?.[name] ?? name);
  }
}

/** The part of Nest's InstanceWrapper that is used. */
interface Wrapper {
  readonly instance: unknown;
  readonly metatype: unknown;
  isDependencyTreeStatic(): boolean;
}

interface Host {
  readonly key: object;
  readonly prototype: object;
  readonly instance: object | undefined;
  readonly name: string;
}

function prototypeOf(instance: unknown): object | undefined {
  if (typeof instance !== 'object' || instance === null) return undefined;
  return (Object.getPrototypeOf(instance) as object | null) ?? undefined;
}

function prototypeOfClass({ metatype }: Wrapper): object | undefined {
  // Factories of request-scoped providers are functions, too; arrow functions have no prototype.
  return typeof metatype === 'function' ? (metatype.prototype as object | undefined) : undefined;
}

function twice(first: BoundHandler, second: BoundHandler): string {
  return (
    `stands twice for group "${first.ref.group}" of channel "${first.ref.channel}": at ${first.origin} and at ` +
    `${second.origin}. A group has one handler; give one of them a group of its own, or provide the class once`
  );
}
