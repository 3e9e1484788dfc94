// @ts-check
import { CompactTable } from './compact-table.mjs';
import { IdDigest } from './id-digest.mjs';

/**
 * The claims of settled messages that did not settle them: failed, given back, taken over. One token has one owner,
 * whichever of the two lines is read before the settlement. Most messages have none.
 */
export class ForgottenClaims {
  #owners = new CompactTable();
  #digest = new IdDigest();

  /**
   * @param {string} id
   * @param {string} token
   * @param {number} pod
   * @returns {'new' | 'known' | 'another'} another: the same token was won by another pod
   */
  note(id, token, pod) {
    const digest = this.#digest.of(`${token} ${id}`);
    const owner = this.#owners.get(digest);
    if (owner) return owner.pod === pod ? 'known' : 'another';
    this.#owners.set(digest, { at: Number.NaN, token: undefined, print: 0, pod, kind: 1 });
    return 'new';
  }
}
