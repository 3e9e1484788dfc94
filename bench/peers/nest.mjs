// @ts-check
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, EventPattern, Payload, Transport } from '@nestjs/microservices';
import { CHANNEL } from '../messages.mjs';
import { addEffect, connected, executed } from './connection.mjs';

const PATTERN = `{bench}:${CHANNEL}`;

/**
 * Nest's own Redis transport, an event pattern. It is Pub/Sub: every replica gets every event, and nothing here guards
 * the effect, because the transport offers nothing to guard it with. With n replicas each message takes effect n times;
 * with a replica away it is lost for it.
 * @type {import('./peer.mjs').Peer}
 */
export const peer = {
  startPod: async ({ url, pod, applied }) => {
    const redis = await connected(url, `${pod}-effects`);

    class Orders {
      /** @param {import('../messages.mjs').Message} message */
      async take(message) {
        const pipeline = redis.pipeline();
        addEffect(pipeline, message);
        await executed(pipeline);
        applied(message.id);
      }
    }
    // What `@Controller() class { @EventPattern(...) take(@Payload() message) {} }` does.
    const method = /** @type {PropertyDescriptor} */ (
      Object.getOwnPropertyDescriptor(Orders.prototype, 'take')
    );
    EventPattern(PATTERN)(Orders.prototype, 'take', method);
    Payload()(Orders.prototype, 'take', 0);
    Controller()(Orders);

    class Root {}
    Module({ controllers: [Orders] })(Root);

    const app = await NestFactory.createMicroservice(Root, {
      transport: Transport.REDIS,
      options: { host: '127.0.0.1', port: Number(new URL(url).port) },
      logger: ['error'],
    });
    await app.listen();
    return {
      stop: async () => {
        await app.close();
        redis.disconnect();
      },
    };
  },
  openPublisher: async (url) => {
    const client = ClientProxyFactory.create({
      transport: Transport.REDIS,
      options: { host: '127.0.0.1', port: Number(new URL(url).port) },
    });
    await client.connect();
    return {
      publish: (messages) => Promise.all(messages.map((message) => emitted(client, message))),
      close: async () => {
        await client.close();
      },
    };
  },
};

/**
 * @param {import('@nestjs/microservices').ClientProxy} client
 * @param {import('../messages.mjs').Message} message
 * @returns {Promise<void>}
 */
const emitted = (client, message) =>
  new Promise((resolve, reject) => {
    client.emit(PATTERN, message).subscribe({ complete: resolve, error: reject });
  });
