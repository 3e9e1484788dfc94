/* The field's usual recipe: Pub/Sub, SET key NX PX ttl, work, DEL key. See docs/model.md.
 *
 * Its counter-examples are the reason for everything in onlyonce.pml. Variants:
 *   (none)        nothing fails at all: no crash, no pause past the TTL, nothing lost, published once
 *   -DEXPIRES     a lock may run out while its owner still works
 *   -DLOSES       Pub/Sub brings an envelope only to who listens
 *   -DREMEMBERS   with a set of processed ids beside the effect, written after it (not in the same transaction)
 *   -DCRASHES=n   pods may die n times
 */
#ifndef PODS
#define PODS 2
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#define NOBODY 255

byte lock = NOBODY;
byte effects = 0;
bool processed = false;
bool published = false;
bool heard[PODS];
byte crashes_left = CRASHES;

proctype Publisher() {
  byte listener = 0;
  atomic {
    do
    :: listener < PODS -> heard[listener] = true; listener++
#ifdef LOSES
    :: listener < PODS -> listener++
#endif
    :: listener == PODS -> break
    od;
    published = true;
    printf("publisher: PUBLISH\n")
  }
}

proctype Pod(byte me) {
  do
  :: atomic { heard[me] -> heard[me] = false };
    /* SET lock NX PX ttl */
    if
    :: atomic { lock == NOBODY -> lock = me; printf("pod %d: SET NX: won\n", me) }
    :: atomic { lock != NOBODY -> printf("pod %d: SET NX: lost\n", me) }; goto lost
    fi;
#ifdef REMEMBERS
    if
    :: processed -> goto release
    :: else
    fi;
#endif
    if
    :: atomic { crashes_left > 0 -> crashes_left--; printf("pod %d: dies\n", me); goto lost }
    :: skip
    fi;
work:
    atomic { effects++; printf("pod %d: the effect happens\n", me); assert(effects <= 1) };
    if
    :: atomic { crashes_left > 0 -> crashes_left--; printf("pod %d: dies\n", me); goto lost }
    :: skip
    fi;
#ifdef REMEMBERS
    atomic { processed = true; printf("pod %d: SADD processed\n", me) };
#endif
release:
    atomic { lock = NOBODY; printf("pod %d: DEL\n", me) };  /* also of a lock that is somebody else's by now */
lost:
    skip
  :: published && !heard[me] -> break
  od
}

#if defined(EXPIRES) || CRASHES > 0
proctype Time() {
  do
  :: atomic { lock != NOBODY -> lock = NOBODY; printf("time: the lock runs out\n") }
  :: published && lock == NOBODY -> break
  od
}
#endif

#ifdef REPUBLISHES
/* What a client does that got no answer. */
proctype Client() {
  byte listener = 0;
  published -> atomic {
    do
    :: listener < PODS -> heard[listener] = true; listener++
    :: listener == PODS -> break
    od
  }
}
#endif

init {
  atomic {
    byte i = 0;
    run Publisher();
#ifdef REPUBLISHES
    run Client();
#endif
#if defined(EXPIRES) || CRASHES > 0
    run Time();
#endif
    do
    :: i < PODS -> run Pod(i); i++
    :: i == PODS -> break
    od
  }
  /* When everybody is through. */
  (_nr_pr == 1) -> assert(effects == 1)
}
