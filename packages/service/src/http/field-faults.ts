import type { FieldFault } from './problem.js';

/** The part of a schema's issue that is read; zod tells unknown fields in `keys`. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: readonly string[];
}

/** What a schema found, by field; `body` stands for the whole. Each fault is told once, in the order found. */
export function fieldFaults(issues: readonly Issue[]): FieldFault[] {
  const faults = issues.flatMap(({ path = [], message, keys }): FieldFault[] => {
    const field = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    if (!keys) return [{ field: field || 'body', message }];
    return keys.map((key) => ({ field: field ? `${field}.${key}` : key, message: 'is not a known field' }));
  });
  // One rule may be broken in several ways (too short and of the wrong characters); one line is enough.
  const lines = new Map(faults.map((fault) => [`${fault.field}\n${fault.message}`, fault]));
  return [...lines.values()];
}
