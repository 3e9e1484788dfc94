// The door for main.ts: imports neither Nest nor pino, so that a tracer can be loaded before them.
export { loadTracer, type TracingOptions } from './load-tracer.js';
