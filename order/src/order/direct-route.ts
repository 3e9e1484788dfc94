import { Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeyGuard, ProblemFilter } from '@onlyonce/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OrderController } from './order.controller.js';

/**
 * Lets POST /orders go from Fastify's router straight to the controller. It is the one route that must carry
 * everything, and Nest's own way to a handler (docs/performance.md) costs it more than all checks of the order do.
 * The controller stays what it was, its description included; guard and filter are the ones of the other routes.
 * Call it before the application listens: routes that are there already are not looked at.
 */
export function routeOrdersDirectly(app: NestFastifyApplication, apiKey: string | undefined): void {
  const controller = app.get(OrderController);
  const guard = apiKey === undefined ? undefined : new ApiKeyGuard(new Reflector(), apiKey);
  const filter = new ProblemFilter();

  const place = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      guard?.admit(request, reply);
      const placed = await controller.place(request, reply);
      void reply.code(202).send(placed);
    } catch (error) {
      filter.answer(error, reply);
    }
  };

  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (route.method !== 'POST' || route.url !== '/orders') return;
      // Not its promise: Fastify would watch over that, too, and there is nothing left for it to do.
      route.handler = (request, reply) => void place(request, reply);
    });
}
