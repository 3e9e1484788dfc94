/** The part of a response that Fastify and Express have in common. */
export interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Turns a reply into 503 problem+json that may be asked again. */
export function unavailable<Extra extends object>(reply: Reply, title: string, extra: Extra & { detail: string }): Problem & Extra {
  reply.status(503);
  reply.header('content-type', 'application/problem+json');
  reply.header('retry-after', '1');
  return { type: 'about:blank', title, status: 503, ...extra };
}
