export {
  BusinessRejection,
  errorText,
  GuaranteeTooWeakError,
  HandlerTimeoutError,
  InvalidInputError,
  InvalidMessageError,
  LayoutMismatchError,
  LockLostError,
  OnlyonceError,
  PermanentFailure,
  RetryableFailure,
  ShuttingDownError,
  StoreFullError,
  StoreRefusedError,
  StoreUnavailableError,
  type ErrorCode,
} from './errors.js';
export { judgeGuarantee, memoryForIds } from './guarantee.js';
export type { GuaranteeDemand, GuaranteeReport, StoreFacts } from './guarantee.js';
export type { Effect, OutgoingEvent, RejectableEvent } from './handling/effects.js';
export type {
  DeathEvent,
  DeathHandler,
  DeathReport,
  HandlerContext,
  MessageHandler,
  MessageLog,
  Schema,
  SchemaResult,
} from './handling/handler.js';
export type { EffectSet, HashEffects, ReasonPlaceholder, Transaction } from './handling/transaction.js';
export { checkedName, messageId, type EntryId, type FencingToken, type MessageId } from './ids.js';
export { Duty, type DutyDeps } from './maintenance/duty.js';
export type { Backend } from './ports/backend.js';
export { systemClock, type Cancel, type Clock } from './ports/clock.js';
export { noCrashPoints, type CrashPoint, type CrashPoints } from './ports/crash-points.js';
export type {
  Announcement,
  Bell,
  Envelope,
  Feed,
  FeedDetail,
  FeedListener,
  Headers,
  Subscription,
} from './ports/feed.js';
export type { HeldLock, LockAttempt, LockProvider } from './ports/lock-provider.js';
export type {
  BacklogStats,
  ClaimDueRequest,
  ClaimDueResult,
  ClaimRequest,
  ClaimResult,
  CommitItem,
  CommitResult,
  FailItem,
  FailResult,
  GroupRef,
  HeldItem,
  InboxPage,
  InboxRow,
  InboxState,
  LockToken,
  MessageStore,
  Outcome,
  PruneResult,
  PublishItem,
  PublishResult,
  WonMessage,
} from './ports/message-store.js';
export { systemRandom, type Random } from './ports/random.js';
export {
  noTracer,
  silentTelemetry,
  type ActiveSpan,
  type EngineNotice,
  type MessageEvent,
  type MessageEventName,
  type Telemetry,
  type TimedCall,
  type TraceIds,
  type Tracer,
} from './ports/telemetry.js';
export { Consumer, type ConsumerState } from './processing/consumer.js';
export type { ConsumerDeps } from './processing/consumer-deps.js';
export { consumerOptions, type ClaimStrategy, type ConsumerOptions } from './processing/consumer-options.js';
export type { HandlerDefinition } from './processing/handler-runner.js';
export { defaultRetryPolicy, retryDelayMs, type RetryPolicy } from './processing/retry-policy.js';
export {
  Publisher,
  type OutgoingMessage,
  type PublisherDeps,
  type PublisherOptions,
} from './publishing/publisher.js';
