import type { Argument } from '../../scripts/argument.js';
import type { IdAddress } from '../id-address.js';

/** All fields, then the buckets as runs, since neighbours mostly share one: what arguments.lua reads. */
export function pushFields(args: Argument[], addresses: readonly IdAddress[]): void {
  for (const { field } of addresses) args.push(field);
}

export function pushBuckets(args: Argument[], addresses: readonly IdAddress[]): void {
  const runsAt = args.push(0) - 1;
  let runs = 0;
  let length = 0;
  addresses.forEach(({ bucket }, i) => {
    length += 1;
    if (addresses[i + 1]?.bucket === bucket) return;
    args.push(bucket, length);
    runs += 1;
    length = 0;
  });
  args[runsAt] = runs;
}
