/* The exactly-once protocol, as docs/protocol.md describes it and packages/redis/lua does it. See docs/model.md.
 *
 * Each Lua script is one atomic step, since Redis runs a script whole. Between two steps anything may happen: pods stop
 * for as long as they like (a pause is a process that is not scheduled), die and start again; a lock runs out; Pub/Sub
 * loses an envelope or brings it late; the publisher sends again; an answer is lost; Redis comes back with a state of
 * before (FAILOVER).
 *
 * What would make a history endless is counted: PUBLISHES of one message, CRASHES, EXPIRIES under a living owner,
 * LOST_ANSWERS, RELEASES. The lock of an owner that is gone runs out without being counted, but not before time passes,
 * which is a step of its own and may come at any moment.
 *
 * Mutants take one guard away (-DNO_... ): each must give a counter-example, see mutants.mjs.
 */
#ifndef PODS
#define PODS 2
#endif
#ifndef MESSAGES
#define MESSAGES 1
#endif
#ifndef PUBLISHES
#define PUBLISHES 2
#endif
#ifndef MAX_TAKEOVERS
#define MAX_TAKEOVERS 1
#endif
#ifndef MAX_FAILURES
#define MAX_FAILURES 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef EXPIRIES
#define EXPIRIES 2
#endif
#ifndef LOST_ANSWERS
#define LOST_ANSWERS 1
#endif
#ifndef RELEASES
#define RELEASES 1
#endif

#define OPEN 0
#define CONFIRMED 1
#define DEAD 2
#define NOBODY 0

/* What Redis holds, for each message. Nothing is written 0. A token is its fencing token: no two claims share one. */
typedef Store {
  bool known[MESSAGES];      /* ids: a message with this id was published */
  byte in_log[MESSAGES];     /* the backlog of the group: entries with this id */
  byte lock[MESSAGES];       /* token of the owner, until it runs out */
  byte held[MESSAGES];       /* token of who was handed it last; stays when the lock runs out */
  byte done[MESSAGES];       /* processed id, and its outcome */
  byte failures[MESSAGES];
  byte takeovers[MESSAGES];
  byte reported[MESSAGES];   /* meta: token that was reported last, by a failure or by giving back */
  bool meta[MESSAGES];       /* meta: there is one */
  byte effects[MESSAGES];    /* what it did to the stock. This must be 1 when confirmed, else 0 */
  byte fence[MESSAGES]       /* last token issued: one counter for the group, seen from here by each message */
}
Store redis;

/* What happened, whether or not any script can see it. */
byte newest[MESSAGES];       /* newest token ever issued: what the clock in the token stands for */
byte publishes_left[MESSAGES];
byte crashes_left = CRASHES, expiries_left = EXPIRIES, lost_answers_left = LOST_ANSWERS, releases_left = RELEASES;
byte token_of[PODS];         /* what each living pod believes to hold */
byte message_of[PODS];
bool from_log[PODS];         /* its lock was written by a script that read the message from the backlog */
bool heard[PODS * MESSAGES]; /* an envelope on its way to a pod, or waiting there */
#define HEARD(p, m) heard[(p) * MESSAGES + (m)]

#ifdef FAILOVER
Store backup;
bool backup_taken = false, failed_over = false;
#endif

/* ---- scripts ---- */

/* PUBLISH: each pod hears it, or not. */
inline ring(m) {
  listener = 0;
  do
  :: listener < PODS -> HEARD(listener, m) = true; listener++
  :: listener < PODS -> listener++
  :: listener == PODS -> break
  od;
  listener = 0
}

/* publish.lua */
inline publish(m) {
  if
#ifndef NO_ID_CHECK
  :: redis.known[m] -> printf("publisher: publishes message %d: DUPLICATE\n", m)
  :: !redis.known[m] ->
#else
  :: true ->
#endif
    printf("publisher: publishes message %d: ACCEPTED\n", m);
    redis.known[m] = true;
    redis.in_log[m]++;
    ring(m)
  fi
}

/* locks.lua: max(last + 1, TIME in microseconds), so a counter that was lost does not issue the same token again. */
inline issue_token(m) {
#ifdef NO_CLOCK_IN_FENCE
  redis.fence[m] = redis.fence[m] + 1;
#else
  redis.fence[m] = (newest[m] > redis.fence[m] -> newest[m] : redis.fence[m]) + 1;
#endif
  assert(redis.fence[m] > newest[m]);                        /* rises, also when Redis lost the counter */
  token_of[me] = redis.fence[m];
  printf("pod %d: wins message %d, token %d\n", me, m, token_of[me]);
  message_of[me] = m;
  newest[m] = redis.fence[m];
  redis.lock[m] = token_of[me];
  redis.held[m] = token_of[me]
}

/* claim.lua: an envelope was heard. Whatever has a history is left to claim-due. */
inline claim(m) {
  if
#ifdef NO_DONE_CHECK_IN_CLAIM
  :: redis.lock[m] == NOBODY && redis.held[m] == NOBODY && !redis.meta[m] -> issue_token(m); from_log[me] = false
#elif defined(LOCK_SAYS_ALWAYS_YES)
  :: redis.done[m] == OPEN -> issue_token(m); from_log[me] = false
#else
  :: redis.done[m] == OPEN && redis.lock[m] == NOBODY && redis.held[m] == NOBODY && !redis.meta[m] -> issue_token(m); from_log[me] = false
#endif
  :: else -> printf("pod %d: claims message %d: BUSY or DONE\n", me, m)
  fi
}

/* claim-due.lua: what is in the backlog and has no owner. An owner that vanished is counted. */
#ifdef NO_SWEEP
#define DUE(m) false
#else
#define DUE(m) (redis.in_log[m] > 0 && (redis.lock[m] == NOBODY || redis.done[m] != OPEN))
#endif
inline claim_due(m) {
#ifdef SWEEP_TAKES_NOTHING
  skip
#else
  if
  :: redis.done[m] != OPEN -> redis.in_log[m]--              /* a left-over entry */
  :: redis.done[m] == OPEN ->
    if
    :: redis.held[m] != NOBODY ->
      redis.meta[m] = true;
      redis.takeovers[m] = (redis.takeovers[m] > MAX_TAKEOVERS -> redis.takeovers[m] : redis.takeovers[m] + 1)
    :: else -> skip
    fi;
    issue_token(m);
    from_log[me] = true;
    poisoned = (redis.takeovers[m] > MAX_TAKEOVERS)
  fi
#endif
}

inline settle(m, outcome) {
  redis.done[m] = outcome;
  redis.in_log[m] = (redis.in_log[m] > 0 -> redis.in_log[m] - 1 : 0);
#ifndef LOCK_OUTLIVES_COMMIT
  redis.lock[m] = NOBODY;
#endif
  redis.held[m] = NOBODY;
  redis.meta[m] = false;
  redis.failures[m] = 0;
  redis.takeovers[m] = 0;
  redis.reported[m] = 0
}

#ifdef NO_LOCK_CHECK
#define ANOTHERS_LOCK(m) false
#else
#define ANOTHERS_LOCK(m) (redis.lock[m] != NOBODY && redis.lock[m] != token_of[me])
#endif
#ifdef NO_HANDED_ON_CHECK
#define HANDED_ON(m) false
#else
#define HANDED_ON(m) (redis.lock[m] == NOBODY && ((redis.held[m] != NOBODY && redis.held[m] != token_of[me]) || \
                      (redis.held[m] == NOBODY && redis.reported[m] > token_of[me])))
#endif
#ifdef NO_BACKLOG_CHECK
#define NOT_IN_BACKLOG(m) false
#else
/* A lock of claim-due is proof enough, since it is looked at in the store: the log is not looked at again. */
#ifdef TOKEN_ALONE_IS_PROOF
#define PROVEN(m) (from_log[me])
#elif defined(ANY_LOCK_IS_PROOF)
#define PROVEN(m) (redis.lock[m] == token_of[me])
#else
#define PROVEN(m) (from_log[me] && redis.lock[m] == token_of[me])
#endif
#define NOT_IN_BACKLOG(m) (!PROVEN(m) && redis.in_log[m] == 0)
#endif
#ifdef NO_DONE_CHECK
#define ALREADY_DONE(m) false
#else
/* Where its own lock stands, commit does not look: it relies on a lock never outliving its message. */
#define ALREADY_DONE(m) (redis.lock[m] != token_of[me] && redis.done[m] != OPEN)
#endif

/* commit.lua: lock? done? still in the backlog? Only then effect, processed id and removal, together. */
inline commit(m) {
  if
  :: ALREADY_DONE(m) -> printf("pod %d: commits message %d: DUPLICATE\n", me, m)
  :: !ALREADY_DONE(m) && (ANOTHERS_LOCK(m) || HANDED_ON(m)) ->
    printf("pod %d: commits message %d: STALE\n", me, m)
  :: !ALREADY_DONE(m) && !ANOTHERS_LOCK(m) && !HANDED_ON(m) && NOT_IN_BACKLOG(m) ->
    printf("pod %d: commits message %d: STALE, its acceptance was lost\n", me, m);
    redis.lock[m] = NOBODY;
    redis.held[m] = NOBODY
  :: else ->
    printf("pod %d: commits message %d with token %d: the effect happens\n", me, m, token_of[me]);
#if !defined(FAILOVER) && !defined(EFFECTS_ONLY)
    /* No token commits after a newer one was issued: a receiver outside would see it fall. */
    assert(token_of[me] == newest[m]);
#endif
    redis.effects[m]++;
    assert(redis.effects[m] == 1);
    assert(redis.known[m]);
#if !defined(NO_DONE_CHECK) && !defined(NO_BACKLOG_CHECK) && !defined(EFFECT_APART)
    assert(redis.in_log[m] > 0);                             /* also where it was not looked at */
#endif
#ifndef EFFECT_APART
    settle(m, CONFIRMED)
#endif
  fi
}

/* fail.lua: another attempt, or a dead letter. */
inline fail(m, permanent) {
  if
  :: redis.done[m] == OPEN && (redis.lock[m] == token_of[me] || (redis.lock[m] == NOBODY && redis.held[m] == token_of[me])) ->
    printf("pod %d: reports a failure of message %d\n", me, m);
    redis.failures[m]++;
    redis.lock[m] = NOBODY;
    redis.held[m] = NOBODY;
    if
    :: redis.in_log[m] == 0 -> redis.meta[m] = false; redis.failures[m] = 0; redis.takeovers[m] = 0; redis.reported[m] = 0
    :: redis.in_log[m] > 0 && (permanent || redis.failures[m] >= MAX_FAILURES) -> settle(m, DEAD)
    :: else -> redis.meta[m] = true; redis.reported[m] = token_of[me]
    fi
  :: else -> skip                                            /* STALE */
  fi
}

/* release.lua: given back, uncounted. */
inline release(m) {
  if
  :: redis.lock[m] == token_of[me] || (redis.lock[m] == NOBODY && redis.held[m] == token_of[me]) ->
    redis.lock[m] = NOBODY;
    redis.held[m] = NOBODY;
    printf("pod %d: gives message %d back\n", me, m);
    if
    :: redis.meta[m] -> redis.reported[m] = token_of[me]
    :: else -> skip
    fi;
    ring(m)
  :: else -> skip
  fi
}

/* ---- who calls them ---- */

#if MESSAGES == 1
#define SETTLED (redis.done[0] != OPEN && redis.in_log[0] == 0)
#define PUBLISHED (publishes_left[0] == 0)
#else
#define SETTLED (redis.done[0] != OPEN && redis.in_log[0] == 0 && redis.done[1] != OPEN && redis.in_log[1] == 0)
#define PUBLISHED (publishes_left[0] == 0 && publishes_left[1] == 0)
#endif
#ifdef FAILOVER
#define OVER (SETTLED && PUBLISHED && failed_over)
#else
#define OVER (SETTLED && PUBLISHED)
#endif

/* Sends the message, and again: its answer was lost, or the client asked twice, or the copy is late. */
proctype Publisher(byte m) {
  byte listener;
  do
  :: publishes_left[m] > 0 -> atomic {
      publish(m);
      publishes_left[m]--
    }
  :: publishes_left[m] == 0 -> break
  od
#ifdef FAILOVER
  /* A publisher with an outbox sends what it was promised once more when Redis came back. */
  ; failed_over -> atomic { publish(m) }
#endif
}

proctype Pod(byte me) {
  byte listener;
  byte m;
  bool poisoned;

idle:
  atomic { m = 0; poisoned = false };
  if
  :: atomic { HEARD(me, 0) -> HEARD(me, 0) = false; claim(0) }
  :: atomic { DUE(0) -> claim_due(0) }                       /* the sweep; also all that a start does */
#if MESSAGES > 1
  :: atomic { HEARD(me, 1) -> HEARD(me, 1) = false; claim(1) }
  :: atomic { DUE(1) -> claim_due(1) }
#endif
  :: OVER -> goto stop
  fi;
  if
  :: token_of[me] == NOBODY -> goto idle
  :: else -> m = message_of[me]
  fi;

  if
  :: poisoned -> atomic { fail(m, true) }; goto put_down     /* too many owners vanished: a dead letter */
  :: !poisoned -> skip                                       /* the handler says: confirmed */
  :: !poisoned -> atomic { fail(m, false) }; goto put_down   /* the handler fails */
  :: atomic { releases_left > 0 -> releases_left--; release(m) }; goto put_down   /* SIGTERM */
  :: atomic { crashes_left > 0 -> crashes_left-- }; goto crash
  :: atomic { lost_answers_left > 0 -> lost_answers_left--; printf("pod %d: never hears that it won\n", me) };
     goto put_down                                           /* W4 */
  fi;

commit_it:
  atomic { commit(m) };
#ifdef EFFECT_APART
  if
  :: atomic { redis.effects[m] > 0 && redis.done[m] == OPEN -> settle(m, CONFIRMED) }
  :: redis.done[m] != OPEN || redis.effects[m] == 0
  :: atomic { crashes_left > 0 -> crashes_left-- }; goto crash
  fi;
#endif
  if
  :: skip
  :: atomic { lost_answers_left > 0 -> lost_answers_left--; printf("pod %d: hears no answer, asks again\n", me) };
     goto commit_it                                          /* W7 */
  :: atomic { crashes_left > 0 -> crashes_left-- }; goto crash
  fi;

put_down:
  token_of[me] = NOBODY;
  from_log[me] = false;
  goto idle;

crash:
  /* What a pod had in its memory is gone, and what was on its way to it. */
  atomic {
    printf("pod %d: dies\n", me);
    token_of[me] = NOBODY;
    from_log[me] = false;
    HEARD(me, 0) = false;
#if MESSAGES > 1
    HEARD(me, 1) = false;
#endif
  };
  goto idle;

stop:
  skip
}

/* Time: a lock runs out. Under a living owner (paused, or cut off) only so many times. */
#define OWNED(m) (redis.lock[m] != NOBODY && (IS_OWNER(0, m) || IS_OWNER(1, m) || IS_OWNER(PODS - 1, m)))
#define IS_OWNER(p, m) (token_of[p] == redis.lock[m] && message_of[p] == m)
proctype Time(byte m) {
  do
  :: atomic { redis.lock[m] != NOBODY && !OWNED(m) -> redis.lock[m] = NOBODY; printf("time: the lock on message %d runs out\n", m) }
  :: atomic { OWNED(m) && expiries_left > 0 -> expiries_left--; redis.lock[m] = NOBODY;
      printf("time: the lock on message %d runs out while its owner lives\n", m) }
  :: OVER -> break
  od
}

#ifdef FAILOVER
inline copy(to, from, i) {
  to.known[i] = from.known[i];         to.in_log[i] = from.in_log[i];       to.lock[i] = from.lock[i];
  to.held[i] = from.held[i];           to.done[i] = from.done[i];           to.failures[i] = from.failures[i];
  to.takeovers[i] = from.takeovers[i]; to.reported[i] = from.reported[i];   to.meta[i] = from.meta[i];
  to.effects[i] = from.effects[i];     to.fence[i] = from.fence[i]
}
/* The new primary, or the file after a power cut, has a state of before: of any moment before. */
proctype Failover() {
  atomic {
    copy(backup, redis, 0);
#if MESSAGES > 1
    copy(backup, redis, 1);
#endif
    backup_taken = true;
    printf("redis: what comes from here on will be lost\n")
  };
  atomic {
    copy(redis, backup, 0);
#if MESSAGES > 1
    copy(redis, backup, 1);
#endif
    failed_over = true;
    printf("redis: comes back with a state of before\n")
  }
}
#endif

/* Whatever was accepted ends, and its effect is then what its outcome says. */
#define BOOKS_AGREE(m) ((redis.done[m] == CONFIRMED && redis.effects[m] == 1) || (redis.done[m] == DEAD && redis.effects[m] == 0))
#if MESSAGES == 1
#define ALL_AGREE BOOKS_AGREE(0)
#else
#define ALL_AGREE (BOOKS_AGREE(0) && BOOKS_AGREE(1))
#endif

init {
  atomic {
    byte i = 0;
    do
    :: i < MESSAGES -> publishes_left[i] = PUBLISHES; run Publisher(i); run Time(i); i++
    :: i == MESSAGES -> break
    od;
    i = 0;
    do
    :: i < PODS -> run Pod(i); i++
    :: i == PODS -> break
    od
#ifdef FAILOVER
    ; run Failover()
#endif
  }
#ifndef LIVENESS
  /* When everybody is through. */
  (_nr_pr == 1) -> assert(ALL_AGREE)
#endif
}

#ifdef LIVENESS
ltl settles { <> [] (OVER && ALL_AGREE) }
#endif
