// @ts-check

/** Of a system that somebody else runs, nothing is ended. */
export const nothingToEnd = {
  async close() {},
  async clear() {},
  killNow() {},
};
