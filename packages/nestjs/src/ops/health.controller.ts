import { Controller, Get, Header, Res } from '@nestjs/common';
import { OnlyonceHealth, type HealthReport } from '../health/onlyonce-health.js';
import { unavailable, type Problem, type Reply } from './reply.js';

type HealthAnswer = { readonly status: 'ok' } | Problem;

@Controller('health')
export class HealthController {
  constructor(private readonly health: OnlyonceHealth) {}

  /** 503 only when a restart would help. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(@Res({ passthrough: true }) reply: Reply): HealthAnswer {
    return answer(reply, 'not live', this.health.live());
  }

  /** 503 with the reasons while starting, draining, or without the store. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  ready(@Res({ passthrough: true }) reply: Reply): HealthAnswer {
    return answer(reply, 'not ready', this.health.ready());
  }
}

function answer(reply: Reply, title: string, { ok, reasons }: HealthReport): HealthAnswer {
  return ok ? { status: 'ok' } : unavailable(reply, title, reasons);
}
