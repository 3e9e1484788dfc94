/**
 * What is checked. `flags` are defines of the model, `expect` says what Spin must find; a mutant takes one guard away
 * and shows that the model would notice, or, where it holds all the same, which other guard stands behind it.
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {'onlyonce' | 'usual-recipe'} model
 * @property {string[]} flags
 * @property {'safety' | 'liveness'} property
 * @property {'holds' | 'fails'} expect
 * @property {string} because
 * @property {boolean} [deep] minutes and gigabytes: only with DEEP=1
 */

const FEW = ['CRASHES=1', 'EXPIRIES=1', 'RELEASES=0'];
const FEWER = [...FEW, 'LOST_ANSWERS=0'];

/** @type {Check[]} */
const protocol = /** @type {Omit<Check, 'model' | 'expect'>[]} */ ([
  {
    name: '2 pods, 1 message',
    flags: [],
    property: 'safety',
    because: 'published twice, 2 crashes, 2 expiries under a living owner, 1 lost answer, 1 release',
  },
  {
    name: '3 pods, 1 message',
    flags: ['PODS=3', ...FEW],
    property: 'safety',
    because: 'published twice, 1 crash, 1 expiry, 1 lost answer',
  },
  {
    name: 'every message ends',
    flags: FEW,
    property: 'liveness',
    because: 'processed or dead, with weak fairness: whoever can always go on, goes on some time',
  },
  {
    name: 'Redis loses its last writes',
    flags: ['FAILOVER', ...FEWER],
    property: 'safety',
    because: 'failover or torn file: one effect in the history that survives, none of an order that was lost',
  },
  {
    name: 'ends after Redis lost writes',
    flags: ['FAILOVER', 'CRASHES=1', 'EXPIRIES=0', 'RELEASES=0', 'LOST_ANSWERS=0', 'PUBLISHES=1'],
    property: 'liveness',
    because: 'the publisher has an outbox and sends again',
  },
  {
    name: '2 pods, 2 messages',
    flags: ['MESSAGES=2', 'PUBLISHES=1', ...FEW],
    property: 'safety',
    because: 'messages do not disturb each other',
    deep: true,
  },
  {
    name: 'every one of 2 messages ends',
    flags: ['MESSAGES=2', 'PUBLISHES=1', 'CRASHES=1', 'EXPIRIES=0', 'RELEASES=0', 'LOST_ANSWERS=0'],
    property: 'liveness',
    because: 'nor does one keep the other waiting for ever',
    deep: true,
  },
]).map((check) => ({ ...check, model: 'onlyonce', expect: 'holds' }));

/** Whose counter-example is a history with an end. @type {[name: string, flags: string[], because: string][]} */
const fatal = [
  [
    'commit ignores the lock',
    ['NO_LOCK_CHECK'],
    'a paused owner commits over its successor: the token falls',
  ],
  [
    'commit ignores handing on',
    ['NO_HANDED_ON_CHECK'],
    'the same, when the successor is gone again (ADR 5, point 6)',
  ],
  [
    'commit ignores the backlog',
    ['NO_BACKLOG_CHECK', 'FAILOVER', ...FEW],
    'an effect of an order that no longer exists (ADR 5, point 3)',
  ],
  [
    'a sweep, lock gone, as proof of the backlog',
    ['TOKEN_ALONE_IS_PROOF', 'FAILOVER', ...FEW],
    'the lock was lost together with the acceptance: that is what the look at it tells (ADR 8)',
  ],
  [
    'any lock as proof of the backlog',
    ['ANY_LOCK_IS_PROOF', 'FAILOVER', ...FEW],
    'an envelope is heard, its acceptance lost, then claimed (ADR 8)',
  ],
  ['effect and mark in two steps', ['EFFECT_APART'], 'a crash, or a second owner, between the two'],
  ['token without the clock', ['NO_CLOCK_IN_FENCE', 'FAILOVER', ...FEW], 'Redis issues one token twice (F7)'],
  ['no sweep', ['NO_SWEEP'], 'nobody heard it: nobody ever will'],
  [
    'a lock that outlives its message',
    ['LOCK_OUTLIVES_COMMIT'],
    'a repeated commit finds its own lock, and so does not look for the processed id (ADR 9)',
  ],
  [
    'no look at processed ids, nor at the backlog',
    ['NO_DONE_CHECK', 'NO_BACKLOG_CHECK'],
    'a repeated commit',
  ],
  [
    'no look at processed ids, nor at published ones',
    ['NO_DONE_CHECK', 'NO_ID_CHECK'],
    'a second entry of one id',
  ],
];

/** @type {Omit<Check, 'model'>[]} */
const others = [
  {
    name: 'a sweep that takes nothing',
    flags: ['SWEEP_TAKES_NOTHING', ...FEW],
    because: 'the check of liveness can fail',
    property: 'liveness',
    expect: 'fails',
  },
  {
    name: 'no look at processed ids alone',
    flags: ['NO_DONE_CHECK'],
    because: 'the backlog stands behind it: what is settled is not in it',
    property: 'safety',
    expect: 'holds',
  },
  {
    name: 'no look at published ids alone',
    flags: ['NO_ID_CHECK'],
    because: 'processed ids stand behind it (it still is what tells DUPLICATE from CONFLICT)',
    property: 'safety',
    expect: 'holds',
  },
  {
    name: 'a lock that always says yes',
    flags: ['LOCK_SAYS_ALWAYS_YES', 'EFFECTS_ONLY', 'CRASHES=1'],
    because: 'the lock is economy: no effect depends on it',
    property: 'safety',
    expect: 'holds',
  },
  {
    name: 'and what it costs',
    flags: ['LOCK_SAYS_ALWAYS_YES', 'CRASHES=1'],
    because: 'receivers outside can see a token fall: there the lock counts',
    property: 'safety',
    expect: 'fails',
  },
];

/** @type {Check[]} */
const mutants = [
  ...fatal.map(([name, flags, because]) => ({
    ...{ name, flags, because },
    property: /** @type {const} */ ('safety'),
    expect: /** @type {const} */ ('fails'),
  })),
  ...others,
].map((check) => ({ ...check, model: 'onlyonce' }));

/** @type {Check[]} */
const usualRecipe = /** @type {Omit<Check, 'model' | 'property'>[]} */ ([
  {
    name: 'nothing goes wrong at all',
    flags: [],
    expect: 'fails',
    because: 'a slow pod hears it after DEL: twice',
  },
  {
    name: 'with processed ids beside it',
    flags: ['REMEMBERS'],
    expect: 'holds',
    because: 'as long as nothing goes wrong',
  },
  {
    name: 'with them, a lock runs out',
    flags: ['REMEMBERS', 'EXPIRES'],
    expect: 'fails',
    because: 'two owners, both find no mark: twice',
  },
  {
    name: 'with them, one crash',
    flags: ['REMEMBERS', 'CRASHES=1'],
    expect: 'fails',
    because: 'everybody else has let go of the envelope: never',
  },
  {
    name: 'with them, an envelope lost',
    flags: ['REMEMBERS', 'LOSES'],
    expect: 'fails',
    because: 'nobody heard it: never',
  },
]).map((check) => ({ ...check, model: 'usual-recipe', property: 'safety' }));

export const GROUPS = [
  { title: 'The protocol', checks: protocol },
  { title: 'One guard taken away', checks: mutants },
  { title: 'The usual recipe', checks: usualRecipe },
];
