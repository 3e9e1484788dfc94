// @ts-check
import { ownText } from '../lines/own-text.mjs';
import { SETTLED } from './group-ledger.mjs';
import { reopen } from './settled-message.mjs';

/** Most have their own line, read before: these are those of pods that were killed before it, or of logs read late. */
const MOST_KEPT = 100_000;

/** Events that were committed together with a death, and are processed, though no line of the death was read before. */
export class DeathEvents {
  /** @type {Map<string, { id: string, group: string, on: string, token: string }>} */
  #kept = new Map();

  /** @param {{ id: string, group: string, on: string, token: string }} death on: the channel of the event */
  note({ id, group, on, token }) {
    const key = ownText(JSON.stringify([on, group, token, id]));
    if (this.#kept.size >= MOST_KEPT || this.#kept.has(key)) return;
    this.#kept.set(key, { id: ownText(id), group: ownText(group), on, token: ownText(token) });
  }

  /**
   * When all lines are read: those of messages that were settled are written into the histories of these.
   * @param {import('./reconciler.mjs').Reconciler} books
   */
  tell(books) {
    for (const { id, group: name, on, token } of this.#kept.values()) {
      for (const channel of books.channels.values()) {
        const group = channel.name === on ? undefined : channel.groups.get(name);
        if (!group) continue;
        const settled = group.open.has(id) ? undefined : group.settled.get(books.digest.of(id));
        if (settled && settled.kind !== SETTLED.dead) reopen(books, group, id, settled);
        const history = group.open.get(id);
        // Its line was read after the event.
        if (history?.deaths.some((death) => death.token === token)) continue;
        if (history && history.settlements.length > 0) (history.diedUnder ??= []).push(token);
      }
    }
  }
}
