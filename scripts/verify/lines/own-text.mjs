// @ts-check

/**
 * A copy that stands for itself. What is cut out of a line is to V8 a view of the whole chunk the line was read in:
 * whoever keeps 40 characters of each keeps 64 kB.
 * @param {string} text
 */
export const ownText = (text) => Buffer.from(text).toString();
