import { z } from 'zod';

/**
 * Letters, marks, digits, punctuation and symbols of any script; no spaces, no control or invisible characters.
 * Ids are compared as they are: two spellings of one id (upper and lower case, composed and decomposed accents)
 * are two ids. Names such as `__proto__` are ids like any other, so whoever keeps things by id uses a Map.
 */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;
const RULE = 'must be 1 to 128 printable characters without spaces';

const identifier = () => z.string(RULE).min(1, RULE).max(128, RULE).regex(PRINTABLE, RULE);

export const orderIdSchema = identifier().meta({
  description: 'Identifies one order for ever: 1 to 128 printable characters without spaces.',
  examples: ['0199c0de-7e57-7abc-8def-0123456789ab'],
});

export const itemIdSchema = identifier().meta({
  description: 'Identifies one article in stock: 1 to 128 printable characters without spaces.',
  examples: ['sku-4711'],
});
