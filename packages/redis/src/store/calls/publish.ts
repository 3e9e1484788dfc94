import type { PublishItem, PublishResult } from '@onlyonce/core';
import { entryIdOf, type StoreContext } from '../store-context.js';
import { publishArguments } from './publish-arguments.js';

/** @param touchDuplicates write something for duplicates, too, so that a WAIT afterwards proves something */
export async function publish(
  context: StoreContext,
  channel: string,
  items: readonly PublishItem[],
  touchDuplicates: boolean,
): Promise<PublishResult[]> {
  const layout = await context.layout(channel);
  const { names, scripts, settings } = context;
  const { retentionMs, futureMs } = settings;
  const horizonMs = Number.isFinite(retentionMs) ? retentionMs : 0;
  const rules = { horizonMs, futureMs, layout, touchDuplicates };
  const { keys, args, texts, bells } = publishArguments(names, names.channel(channel), rules, items);
  const reply = (await scripts.runPacked('publish', keys, args, [texts, bells])) as string | string[];
  return typeof reply === 'string' ? allAccepted(reply.slice(1), items.length) : reply.map(publishResult);
}

/** Entries of one call follow one another. */
function allAccepted(first: string, count: number): PublishResult[] {
  const dash = first.indexOf('-');
  const head = first.slice(0, dash + 1);
  const sequence = Number(first.slice(dash + 1));
  return Array.from({ length: count }, (_, at) => ({
    kind: 'accepted',
    entryId: entryIdOf(`${head}${sequence + at}`),
  }));
}

function publishResult(text: string): PublishResult {
  switch (text) {
    case 'DUPLICATE':
      return { kind: 'duplicate' };
    case 'CONFLICT':
      return { kind: 'conflict' };
    case 'TOO_OLD':
      return { kind: 'too-old' };
    case 'FROM_FUTURE':
      return { kind: 'from-future' };
    default:
      if (text.startsWith('REFUSED')) return { kind: 'refused', reason: text.slice('REFUSED'.length) };
      if (text.startsWith('FAULT')) return { kind: 'refused', reason: text.slice('FAULT'.length) };
      return { kind: 'accepted', entryId: entryIdOf(text) };
  }
}
