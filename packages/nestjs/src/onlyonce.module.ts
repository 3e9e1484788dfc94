import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Publisher } from '@onlyonce/core';
import { GuaranteeService } from './guarantee/guarantee.service.js';
import { Consumers } from './handlers/consumers.js';
import { HandlerExplorer } from './handlers/handler-explorer.js';
import { OnlyonceHealth } from './health/onlyonce-health.js';
import { Inbox } from './inbox/inbox.js';
import { Engine } from './lifecycle/engine.js';
import { Maintenance } from './lifecycle/maintenance.js';
import { BacklogGauges } from './observability/backlog-gauges.js';
import { GuaranteeGauges } from './observability/guarantee-gauges.js';
import { MetricsPush } from './observability/metrics-push.js';
import { MetricsTelemetry } from './observability/metrics-telemetry.js';
import { OnlyonceConfigurableModule } from './onlyonce.module-definition.js';
import { createPublisher } from './publishing/create-publisher.js';
import { Runtime } from './runtime.js';

/**
 * Puts the engine under an application: finds handlers, starts their consumers, drains them at shutdown. Global, so
 * that every module may inject Publisher, Inbox, GuaranteeService and OnlyonceHealth.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Runtime,
    MetricsTelemetry,
    BacklogGauges,
    GuaranteeGauges,
    MetricsPush,
    HandlerExplorer,
    Consumers,
    Maintenance,
    Engine,
    GuaranteeService,
    Inbox,
    OnlyonceHealth,
    { provide: Publisher, inject: [Runtime], useFactory: createPublisher },
  ],
  exports: [
    Runtime,
    Publisher,
    Inbox,
    GuaranteeService,
    OnlyonceHealth,
    MetricsTelemetry,
    BacklogGauges,
    GuaranteeGauges,
  ],
})
export class OnlyonceModule extends OnlyonceConfigurableModule {}
