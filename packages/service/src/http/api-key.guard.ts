import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

const NEEDS_KEY = 'onlyonce:needs-api-key';

/** Marks a route that asks for the API key, when one is configured. */
export const NeedsApiKey = (): MethodDecorator => SetMetadata(NEEDS_KEY, true);

/** Lets requests with the right key pass, as `Authorization: Bearer <key>` or `x-api-key: <key>`. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(
    private readonly reflector: Reflector,
    apiKey: string,
  ) {
    this.expected = digest(apiKey);
  }

  canActivate(context: ExecutionContext): boolean {
    if (!this.reflector.get<boolean | undefined>(NEEDS_KEY, context.getHandler())) return true;
    const http = context.switchToHttp();
    this.admit(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
    return true;
  }

  /** @throws ProblemError 401, unless the request has the right key */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    const given = keyOf(request);
    // Digests have one length, so that the comparison tells nothing about the key's.
    if (given !== undefined && timingSafeEqual(digest(given), this.expected)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new ProblemError({ status: 401, title: 'Unauthorized', detail: 'this route needs an API key' });
  }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const own = headers['x-api-key'];
  if (typeof own === 'string') return own;
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
