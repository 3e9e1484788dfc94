// dd-trace ships no types for its loader hook.
declare module 'dd-trace/register.js';
