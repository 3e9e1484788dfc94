// @ts-check

/**
 * Microseconds of the machine's monotonic clock. Unlike performance.now() all processes read the same one, so a moment
 * meant by one process can be compared with a moment seen by another.
 */
export function monotonicUs() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}
