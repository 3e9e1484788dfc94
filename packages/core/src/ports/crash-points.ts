/** The crash windows of docs/protocol.md that lie inside a pod, by name. */
export type CrashPoint =
  | 'publish.sent'
  | 'envelope.received'
  | 'claim.answered'
  | 'handler.started'
  | 'handler.done'
  | 'commit.answered'
  | 'fail.answered'
  | 'drain.started';

/**
 * Named places at which a test may hold the engine, or end it. Inert unless a test passes another in:
 * the cost is one call of an empty function.
 */
export interface CrashPoints {
  reach(point: CrashPoint, messageIds: readonly string[]): Promise<void> | void;
}

export const noCrashPoints: CrashPoints = { reach: () => undefined };
