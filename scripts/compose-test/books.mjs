// @ts-check
import { judge } from '../demo/judge.mjs';
import { makeOrders, OWN_STOCK, ownItem, sharedDemand } from '../demo/orders.mjs';
import { forEachSome } from '../demo/shop-client.mjs';
import { waitFor } from '../local/wait-for.mjs';

const SHARED_STOCK = 100_000;
const SETTLED_WITHIN_MS = 120_000;

/** Stock that is set before, and what must be left of it after. */
export class Books {
  /**
   * @param {import('../demo/shop-client.mjs').ShopClient} client
   * @param {number} most orders that could be sent
   */
  constructor(client, most) {
    this.client = client;
    this.orders = makeOrders(most);
    this.shared = [...sharedDemand(this.orders).keys()];
  }

  async open() {
    await forEachSome(this.shared, (id) => this.client.putStock(id, SHARED_STOCK));
    await forEachSome(this.orders, ({ orderId }) => this.client.putStock(ownItem(orderId), OWN_STOCK));
  }

  /** @param {readonly import('../demo/orders.mjs').Order[]} sent */
  async allSettled(sent) {
    let open = sent;
    const ask = async () => {
      const states = await forEachSome(open, ({ orderId }) => this.client.order(orderId));
      open = open.filter((_, index) => states[index]?.status === 'PENDING');
      return open.length === 0;
    };
    await waitFor('the settling of every order', ask, { deadlineMs: SETTLED_WITHIN_MS, everyMs: 250 });
  }

  /** @param {readonly import('../demo/orders.mjs').Order[]} sent */
  async judged(sent) {
    const items = [...this.shared, ...sent.map(({ orderId }) => ownItem(orderId))];
    const counts = await forEachSome(items, (id) => this.client.stock(id));
    const answers = await forEachSome(sent, ({ orderId }) => this.client.order(orderId));
    return judge(
      // A repeated call may hear that its order is a duplicate of itself: how many do is not told beforehand.
      { orders: sent, repeats: 0, startStock: new Map(this.shared.map((id) => [id, SHARED_STOCK])) },
      {
        accepted: sent.length,
        repeatsRefused: 0,
        states: new Map(answers.map(({ orderId, status }) => [orderId, status])),
        stock: new Map(items.map((id, index) => [id, /** @type {number} */ (counts[index])])),
      },
    );
  }
}
