import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

const MAX_BODY_BYTES = 256 * 1_024;
const MAX_HEADER_BYTES = 16 * 1_024;
/** A request must have come in whole by then. The time an answer takes is not in it. */
const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than the usual 60 s of load balancers: whoever closes last never meets a request on its way. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** What requests under way may take when the server closes; a publish is answered within less. */
const LAST_ANSWERS_MS = 2_000;
/** 128 characters of 3 bytes, each percent-encoded. */
const MAX_PARAM_LENGTH = 128 * 9;

/** Fastify with bounds on everything a client can send or hold open. */
export function createAdapter(maxConnections: number): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // No middleware is used, and its dispatcher has a price per request.
    skipMiddie: true,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerBrokenUrl,
  });
  const fastify = adapter.getInstance();
  fastify.server.maxConnections = maxConnections;
  // A connection that a client opened in advance and never used counts as busy, and would hold up the end.
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      fastify.server.closeAllConnections();
    }, LAST_ANSWERS_MS).unref();
    done();
  });
  // JSON only: with the parser gone, text is an unknown content type, 415.
  fastify.removeContentTypeParser('text/plain');
  return adapter;
}

/** The router refuses a URL that cannot be decoded, or is too long, before any filter is asked. */
function answerBrokenUrl({ statusCode = 400 }: FastifyError, _: FastifyRequest, reply: FastifyReply): void {
  const title = STATUS_CODES[statusCode] ?? 'Bad Request';
  const problem = { type: 'about:blank', title, status: statusCode, detail: 'this URL cannot be read' };
  void reply.code(statusCode).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

const BROKEN: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** What is no HTTP request never reaches a route; it is answered like everything else all the same. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, title] = BROKEN[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: 'this is not a usable HTTP request',
  });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
