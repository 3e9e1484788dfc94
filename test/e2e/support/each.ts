/** Runs a task for each item, some at a time; answers in the order of the items. */
export async function eachOf<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
  parallel = 16,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}
