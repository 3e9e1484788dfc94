import type { Headers } from '@onlyonce/core';
import { headersText } from './headers.js';

/**
 * What subscribers hear of a message, behind its entry id: `<id> <tab> <headers> <tab> <body>`. In the log the same
 * line stands behind `<bucket> <field> <tab>`, which is where its id is remembered. JSON.stringify writes no raw tabs.
 */
export function lineOf(message: {
  readonly id: string;
  readonly headers: Headers;
  readonly body: string;
}): string {
  return `${message.id}\t${headersText(message.headers)}\t${message.body}`;
}

/** Takes the text of an entry apart. Whoever wrote into the log by hand gets '' for what is missing. */
export function readEntryText(text: string): {
  readonly id: string;
  readonly headers: string;
  readonly body: string;
} {
  const id = behindTab(text, 0);
  const headers = behindTab(text, id);
  const body = behindTab(text, headers);
  return {
    id: text.slice(id, headers - 1),
    headers: text.slice(headers, body - 1),
    body: text.slice(body),
  };
}

function behindTab(text: string, from: number): number {
  const tab = text.indexOf('\t', from);
  return tab < 0 ? text.length + 1 : tab + 1;
}
