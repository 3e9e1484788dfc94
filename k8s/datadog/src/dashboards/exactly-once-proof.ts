import type { v1 } from '@datadog/datadog-api-client';
import { RUNBOOK } from '../names.ts';
import { stacked } from '../widgets/build.ts';
import { backlog } from './proof/backlog.ts';
import { guard } from './proof/guard.ts';
import { longRun } from './proof/long-run.ts';
import { store } from './proof/store.ts';
import { trouble } from './proof/trouble.ts';
import { verdict } from './proof/verdict.ts';
import { variables } from './variables.ts';

export const exactlyOnceProof: v1.Dashboard = {
  title: 'Onlyonce: exactly-once proof',
  description: `That each accepted message took effect once, and what the guard did for it. ${RUNBOOK}, docs/datadog.md`,
  layoutType: 'ordered',
  reflowType: 'fixed',
  templateVariables: variables,
  tags: [],
  widgets: stacked([verdict, guard, trouble, backlog, store, longRun]),
};
