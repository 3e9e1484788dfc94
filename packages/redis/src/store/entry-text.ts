import type { Headers } from '@onlyonce/core';
import { headersText } from './headers.js';
import type { IdAddress } from './id-address.js';

/** What a pod is told that only wants to know of a message: `<id> <tab> <headers>`. */
export function bellOf(message: { readonly id: string; readonly headers: Headers }): string {
  return `${message.id}\t${headersText(message.headers)}`;
}

/**
 * The text of a message's entry, which subscribers hear too: `<bucket> <field> <tab> <id> <tab> <headers> <tab> <body>`.
 * Bucket and field are where its id is remembered. JSON.stringify writes no raw tabs.
 */
export function entryText({ bucket, field }: IdAddress, bell: string, body: string): string {
  return `${bucket} ${field}\t${bell}\t${body}`;
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
