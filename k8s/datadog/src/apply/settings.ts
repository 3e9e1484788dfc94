import { parseArgs } from 'node:util';

export interface Settings {
  readonly apiKey: string;
  readonly appKey: string;
  /** Such as datadoghq.eu, or a whole URL. */
  readonly site: string;
  /** Whom monitors tell, such as `@slack-orders`; empty: nobody. */
  readonly notify: string;
  /** Address of docs/runbook.md as people can open it; empty: the path alone stands in the messages. */
  readonly runbookUrl: string;
  /** Without it nothing is changed. */
  readonly yes: boolean;
}

export const USAGE = `Creates or updates dashboards, monitors, log pipeline and log-based metrics in Datadog.

  make datadog-apply                shows what would change, and changes nothing
  make datadog-apply ARGS=--yes     does it

  DD_API_KEY, DD_APP_KEY   keys; the application key needs dashboards_write, monitors_write, logs_write_pipelines,
                           logs_generate_metrics, and the same to read
  DD_SITE                  default datadoghq.com
  NOTIFY                   whom monitors tell, such as "@slack-orders @pagerduty"
  RUNBOOK_URL              address of docs/runbook.md as people can open it
`;

/** @throws Error naming every variable that is missing or wrong */
export function readSettings(env: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  const { values } = parseArgs({ args: [...args], options: { yes: { type: 'boolean', default: false } } });
  const faults: string[] = [];
  const needed = (name: string): string => {
    const text = env[name]?.trim() ?? '';
    if (text === '') faults.push(`${name} is not set`);
    return text;
  };
  const apiKey = needed('DD_API_KEY');
  const appKey = needed('DD_APP_KEY');
  const site = env['DD_SITE']?.trim() || 'datadoghq.com';
  if (!/^([a-z0-9-]+\.)+[a-z]{2,}$|^https?:\/\/[^/\s]+$/.test(site))
    faults.push(`DD_SITE must be a site such as datadoghq.eu (got ${JSON.stringify(site)})`);
  const notify = env['NOTIFY']?.trim() ?? '';
  if (!/^(@\S+( @\S+)*)?$/.test(notify))
    faults.push(`NOTIFY must be handles that begin with @ (got ${JSON.stringify(notify)})`);
  const runbookUrl = env['RUNBOOK_URL']?.trim() ?? '';
  if (runbookUrl !== '' && !/^https?:\/\/\S+$/.test(runbookUrl))
    faults.push(`RUNBOOK_URL must be an address (got ${JSON.stringify(runbookUrl)})`);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return { apiKey, appKey, site, notify, runbookUrl: runbookUrl.replace(/#.*$/, ''), yes: values.yes };
}
