import { notSent, processMetrics } from '../emitted/metrics.ts';

/**
 * One instance of the agent's OpenMetrics check, for annotations of pods (`ad.datadoghq.com/<container>.checks`) and
 * labels of containers (`com.datadoghq.ad.checks`).
 */
export function openMetricsInstance(port: number): Readonly<Record<string, unknown>> {
  return {
    openmetrics_endpoint: `http://%%host%%:${port}/metrics`,
    // Empty: a metric has the same name in Datadog as under /metrics.
    namespace: '',
    metrics: [
      'onlyonce_.+',
      // The check knows counters without their ending.
      ...Object.keys(processMetrics).map((name) => name.replace(/_total$/, '')),
    ],
    exclude_metrics: [...notSent],
    // The address of a pod in every series would only be paid for; its name comes from the pod itself.
    tag_by_endpoint: false,
    share_labels: { onlyonce_build_info: { values: [1], labels: ['pod'] } },
  };
}

export const ports = { order: 3001, inventory: 3002 } as const;
