import { Module } from '@nestjs/common';
import { GuaranteeController } from './guarantee.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OnlyonceConfigurableOpsModule } from './ops.module-definition.js';
import { ProcessMetrics } from './process-metrics.js';

/** GET /health/live, /health/ready, /metrics and /guarantee; beside OnlyonceModule. */
@Module({
  controllers: [HealthController, MetricsController, GuaranteeController],
  providers: [ProcessMetrics],
})
export class OnlyonceOpsModule extends OnlyonceConfigurableOpsModule {}
