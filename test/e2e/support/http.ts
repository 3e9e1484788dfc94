export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, if it was JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly tookMs: number;
}

/** @throws TypeError or DOMException when there is no answer within five seconds */
export async function call(method: string, url: string, body?: unknown, headers = {}): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: parsed(text),
    text,
    tookMs: performance.now() - began,
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
