// @ts-check
import * as hdr from 'hdr-histogram-js';

/** @typedef {{ p50: number, p90: number, p99: number, p999: number, most: number, count: number }} Percentiles milliseconds */

const LONGEST_US = 600_000_000;

const empty = () =>
  hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });

/** Latencies of one pod, in microseconds: constant memory however many. */
export class Latencies {
  #histogram = empty();

  /** @param {number} us */
  record(us) {
    this.#histogram.recordValue(Math.min(LONGEST_US, Math.max(1, Math.round(us))));
  }

  reset() {
    this.#histogram.reset();
  }

  /** As text that can be sent to another process. */
  encoded() {
    return hdr.encodeIntoCompressedBase64(this.#histogram);
  }
}

/**
 * @param {readonly string[]} texts of {@link Latencies.encoded}
 * @returns {{ percentiles: Percentiles, encoded: string }}
 */
export function mergedLatencies(texts) {
  const sum = empty();
  for (const text of texts) sum.add(hdr.decodeFromCompressedBase64(text));
  const ms = (/** @type {number} */ us) => us / 1_000;
  return {
    percentiles: {
      p50: ms(sum.getValueAtPercentile(50)),
      p90: ms(sum.getValueAtPercentile(90)),
      p99: ms(sum.getValueAtPercentile(99)),
      p999: ms(sum.getValueAtPercentile(99.9)),
      most: ms(sum.maxValue),
      count: sum.totalCount,
    },
    encoded: hdr.encodeIntoCompressedBase64(sum),
  };
}
