import type { v1 } from '@datadog/datadog-api-client';

/** Tags that logs have too, thanks to the pipeline: one variable filters both. */
export const variables: v1.DashboardTemplateVariable[] = ['env', 'channel', 'group'].map((name) => ({
  name,
  prefix: name,
  availableValues: [],
  defaults: ['*'],
}));
