import type { v1 } from '@datadog/datadog-api-client';
import { OWN_TAG, RUNBOOK } from '../names.ts';

/** Anchors of docs/runbook.md are `alert-<name>`. */
export interface Alert {
  /** Also the heading's anchor, and the tag by which the monitor is found again. */
  readonly name: string;
  readonly title: string;
  readonly type: v1.MonitorType;
  readonly query: string;
  /** 1: the guarantee itself; 2: work stands still; 3: soon it will; 4: worth knowing. */
  readonly priority: 1 | 2 | 3 | 4;
  /** What it means. */
  readonly means: string;
  /** What to do, in order. */
  readonly todo: readonly string[];
  readonly options?: v1.MonitorOptions;
}

export const runbookLink = (name: string): string => `${RUNBOOK}#alert-${name}`;

export function monitorOf(alert: Alert): v1.Monitor {
  return {
    name: `Onlyonce: ${alert.title}`,
    type: alert.type,
    query: alert.query,
    priority: alert.priority,
    message: messageOf(alert),
    tags: [OWN_TAG, `onlyonce_alert:${alert.name}`],
    options: {
      includeTags: true,
      requireFullWindow: false,
      notifyAudit: false,
      renotifyInterval: alert.priority <= 2 ? 60 : 0,
      ...(alert.type === 'log alert' ? { enableLogsSample: true, groupbySimpleMonitor: false } : {}),
      ...alert.options,
    },
  };
}

function messageOf({ name, means, todo }: Alert): string {
  const steps = todo.map((step, index) => `${index + 1}. ${step}`).join('\n');
  // {{...}} is Datadog's own templating; who is told comes from NOTIFY or the Terraform variable.
  // Also when data is missing, which is an alarm of its own for some.
  return `{{^is_recovery}}\n${means}\n\n${steps}\n\nRunbook: ${runbookLink(name)}\n{{/is_recovery}}\n{{#is_recovery}}Over: ${name}.{{/is_recovery}}`;
}

/** Fires above (or below) a number; the same number is in the query. */
export const critical = (above: number, warning?: number): v1.MonitorOptions => ({
  thresholds: { critical: above, ...(warning === undefined ? {} : { warning }) },
});
