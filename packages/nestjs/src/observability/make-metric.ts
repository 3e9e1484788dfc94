import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { metricDefinitions, type LabelsOf, type MetricName } from './metric-definitions.js';

type Named<Type extends string> = {
  [Name in MetricName]: (typeof metricDefinitions)[Name]['type'] extends Type ? Name : never;
}[MetricName];

export function makeCounter<Name extends Named<'counter'>>(
  registry: Registry,
  name: Name,
): Counter<LabelsOf<Name>> {
  const { help, labels } = metricDefinitions[name];
  return new Counter({ name, help, labelNames: labels, registers: [registry] });
}

export function makeGauge<Name extends Named<'gauge'>>(
  registry: Registry,
  name: Name,
): Gauge<LabelsOf<Name>> {
  const { help, labels } = metricDefinitions[name];
  return new Gauge({ name, help, labelNames: labels, registers: [registry] });
}

export function makeHistogram<Name extends Named<'histogram'>>(
  registry: Registry,
  name: Name,
): Histogram<LabelsOf<Name>> {
  const { help, labels, buckets } = metricDefinitions[name];
  return new Histogram({
    name,
    help,
    labelNames: labels,
    buckets: [...buckets],
    registers: [registry],
  });
}
