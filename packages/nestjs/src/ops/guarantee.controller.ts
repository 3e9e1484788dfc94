import { Controller, Get, Res } from '@nestjs/common';
import type { GuaranteeReport } from '@onlyonce/core';
import { GuaranteeService } from '../guarantee/guarantee.service.js';
import { unavailable, type Problem, type Reply } from './reply.js';

@Controller('guarantee')
export class GuaranteeController {
  constructor(private readonly guarantee: GuaranteeService) {}

  /** Which guarantee holds here, and what weakens it. */
  @Get()
  read(@Res({ passthrough: true }) reply: Reply): GuaranteeReport | Problem {
    const { report } = this.guarantee;
    if (report) return report;
    return unavailable(reply, 'guarantee unknown', ['the store has not answered since the start']);
  }
}
