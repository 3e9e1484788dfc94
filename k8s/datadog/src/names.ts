/** Marks what is ours in Datadog: found again by it, and never touched without it. */
export const OWN_TAG = 'managed_by:onlyonce';

/** Whose logs these are. Other services on the packages are added here, and to the chart's log annotations. */
export const LOGS_OF = 'source:nodejs service:(order OR inventory)';

/** In messages, and replaced by a whole URL where one is given (RUNBOOK_URL, `runbook_url`). */
export const RUNBOOK = 'docs/runbook.md';
