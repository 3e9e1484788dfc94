import { Injectable } from '@nestjs/common';
import {
  messageId,
  type BacklogStats,
  type GroupRef,
  type InboxPage,
  type InboxState,
  type MessageId,
} from '@onlyonce/core';
import { Consumers } from '../handlers/consumers.js';
import { Runtime } from '../runtime.js';

const PAGE = 100;

/** Looks into what groups have, had and could not process, and sends dead letters back. */
@Injectable()
export class Inbox {
  constructor(
    private readonly runtime: Runtime,
    private readonly consumers: Consumers,
  ) {}

  /** Groups this process has handlers for. Known once all providers exist. */
  get refs(): readonly GroupRef[] {
    return this.consumers.refs;
  }

  /**
   * One page of a group's messages in one state.
   * @param cursor where the last page ended; undefined for the first one
   * @throws StoreUnavailableError
   */
  list(ref: GroupRef, state: InboxState, cursor?: string, limit = PAGE): Promise<InboxPage> {
    return this.runtime.store.inspect(ref, state, cursor, limit);
  }

  /**
   * Sends dead letters back into the backlog: same id, counters at zero. What is not dead is left alone, so this may
   * be repeated when its answer was lost.
   * @returns the ids sent back
   * @throws InvalidInputError an id that cannot be one
   * @throws StoreUnavailableError some may have been sent back; repeat it
   */
  async redrive(ref: GroupRef, ids: readonly string[] | 'all'): Promise<MessageId[]> {
    // All ids first: a message that dies again while we page would otherwise be met again at the end, for ever.
    const wanted = ids === 'all' ? await this.deadIds(ref) : ids.map(messageId);
    const sent: MessageId[] = [];
    for (let from = 0; from < wanted.length; from += PAGE) {
      sent.push(...(await this.runtime.store.redrive(ref, wanted.slice(from, from + PAGE))));
    }
    for (const id of sent) {
      const message = 'a dead letter was sent back';
      const fields = { ...ref, messageId: id };
      this.runtime.telemetry.notice({ level: 'info', event: 'message.redriven', message, fields });
    }
    return sent;
  }

  /** @throws StoreUnavailableError */
  stats(ref: GroupRef): Promise<BacklogStats> {
    return this.runtime.store.stats(ref);
  }

  private async deadIds(ref: GroupRef): Promise<MessageId[]> {
    const ids: MessageId[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.list(ref, 'dead', cursor);
      ids.push(...page.rows.map((row) => messageId(row.messageId)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return ids;
  }
}
