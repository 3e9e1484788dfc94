import { sampleOrderConfirmed, sampleOrderRejected } from '@onlyonce/contracts';
import type { EffectSet, HashEffects } from '@onlyonce/core';
import { describe, expect, it } from '@jest/globals';
import { orderFrom, recordAccepted, recordSettled } from './order-record.js';

/** Writes down what is declared, as the engine would be told it. */
class DeclaredEffects implements EffectSet {
  readonly lines: string[] = [];

  hash(key: string): HashEffects {
    const line = (text: string): HashEffects => {
      this.lines.push(`${key} ${text}`);
      return effects;
    };
    const effects: HashEffects = {
      take: (field, amount) => line(`take ${field} ${amount}`),
      add: (field, amount) => line(`add ${field} ${amount}`),
      put: (fields) => line(`put ${Object.keys(fields).join(',')}`),
      remove: (field) => line(`remove ${field}`),
      requireAbsent: (field) => line(`require ${field} absent`),
      requireSameOrAbsent: (field, value) => line(`require ${field} ${value} or absent`),
      requireBelowOrAbsent: (field, bound) => line(`require ${field} below ${bound} or absent`),
      expire: (ttlMs) => line(`expire ${ttlMs}`),
    };
    return effects;
  }
  addMember(): void {
    this.lines.push('addMember');
  }
  removeMember(): void {
    this.lines.push('removeMember');
  }
  rank(): void {
    this.lines.push('rank');
  }
  push(): void {
    this.lines.push('push');
  }
}

const forEver = { orderMs: Number.POSITIVE_INFINITY, idempotencyKeyMs: Number.POSITIVE_INFINITY };
const accepted = { orderId: 'o', items: [{ id: 'a', quantity: 1 }], acceptedAt: '2026-11-21T08:00:00.000Z' };

describe('the record of an order', () => {
  it('begins as PENDING', () => {
    const effects = new DeclaredEffects();
    recordAccepted(effects, { ...accepted, keyDigest: undefined }, forEver);
    expect(effects.lines).toEqual(['order:o put status,items,acceptedAt']);
  });

  it('ties the Idempotency-Key to the order, and lets both go in their time', () => {
    const effects = new DeclaredEffects();
    recordAccepted(effects, { ...accepted, keyDigest: 'd1' }, { orderMs: 2_000, idempotencyKeyMs: 1_000 });
    expect(effects.lines).toEqual([
      'order:o put status,items,acceptedAt',
      'order:o expire 2000',
      'idem:d1 require order o or absent',
      'idem:d1 put order',
      'idem:d1 expire 1000',
    ]);
  });

  it('is settled under the condition that no later decision is there', () => {
    const effects = new DeclaredEffects();
    recordSettled(effects, { ...sampleOrderRejected, orderId: 'o', decision: 7 }, forEver);
    expect(effects.lines).toEqual([
      'order:o require decision below 7 or absent',
      'order:o put status,processedBy,processedAt,attempts,decision',
      'order:o put reason',
    ]);
  });

  it('loses the reason of a failure that was overcome', () => {
    const effects = new DeclaredEffects();
    recordSettled(effects, { ...sampleOrderConfirmed, orderId: 'o' }, { ...forEver, orderMs: 5_000 });
    expect(effects.lines).toContain('order:o remove reason');
    expect(effects.lines).toContain('order:o expire 5000');
  });
});

describe('orderFrom', () => {
  it('reads what is there', () => {
    expect(orderFrom('o', ['REJECTED', 'why', 'pod', '2026-11-21T08:00:00.000Z', '2'])).toEqual({
      orderId: 'o',
      status: 'REJECTED',
      reason: 'why',
      processedBy: 'pod',
      processedAt: '2026-11-21T08:00:00.000Z',
      attempts: 2,
    });
    expect(orderFrom('o', ['PENDING', null, null, null, null])).toEqual({
      orderId: 'o',
      status: 'PENDING',
      processedBy: null,
      processedAt: null,
      attempts: 0,
    });
  });

  it('knows no order where there is no status, or none of ours', () => {
    expect(orderFrom('o', [null, null, null, null, null])).toBeUndefined();
    expect(orderFrom('o', ['LOST', null, null, null, null])).toBeUndefined();
  });
});
