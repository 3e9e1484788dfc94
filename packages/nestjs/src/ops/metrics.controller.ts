import { Controller, Get, Header } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BacklogGauges } from '../observability/backlog-gauges.js';
import { GuaranteeGauges } from '../observability/guarantee-gauges.js';
import { MetricsTelemetry } from '../observability/metrics-telemetry.js';

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: MetricsTelemetry,
    private readonly backlog: BacklogGauges,
    private readonly guarantee: GuaranteeGauges,
  ) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  async read(): Promise<string> {
    this.guarantee.refresh();
    await this.backlog.refresh();
    return this.metrics.registry.metrics();
  }
}
