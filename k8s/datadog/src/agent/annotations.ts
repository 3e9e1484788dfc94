import { openMetricsInstance, ports } from './openmetrics.ts';

/**
 * What pods carry for the agent, by container name: the charts and compose carry the same, under
 * `ad.datadoghq.com/<container>.checks` and `.logs`, and as labels `com.datadoghq.ad.checks` and `.logs`.
 */
export const podAnnotations = {
  ...Object.fromEntries(
    Object.entries(ports).map(([service, port]) => [
      service,
      {
        checks: { openmetrics: { instances: [openMetricsInstance(port)] } },
        logs: [{ source: 'nodejs', service }],
      },
    ]),
  ),
  redis: {
    checks: {
      redisdb: {
        instances: [
          {
            host: '%%host%%',
            port: 6379,
            // Of the agent's own environment: a user that may INFO, CONFIG GET, SLOWLOG and PING and nothing else.
            username: '%%env_REDIS_MONITOR_USER%%',
            password: '%%env_REDIS_MONITOR_PASSWORD%%',
          },
        ],
      },
    },
    logs: [{ source: 'redis', service: 'redis' }],
  },
} as const;
