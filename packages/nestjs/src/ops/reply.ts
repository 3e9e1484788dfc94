/** The part of a response that Fastify and Express have in common. */
export interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/** RFC 9457, with the reasons one by one for machines. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly reasons: readonly string[];
}

/** Turns a reply into 503 problem+json that may be asked again. */
export function unavailable(reply: Reply, title: string, reasons: readonly string[]): Problem {
  reply.status(503);
  reply.header('content-type', 'application/problem+json');
  reply.header('retry-after', '1');
  return { type: 'about:blank', title, status: 503, detail: reasons.join('; '), reasons };
}
