import { accessSync, constants, readFileSync } from 'node:fs';
import { z } from 'zod';
import { durationMs } from './duration.js';

/** One environment variable: how its text is read, and what the table of settings says about it. */
export interface Setting<T> {
  readonly schema: z.ZodType<T>;
  readonly meaning: string;
  /** Text used when the variable is not set; undefined when there is none. */
  readonly fallback: string | undefined;
  /** What the table shows instead of the fallback. */
  readonly shownDefault?: string;
  readonly unit?: string;
  /** Its text is never repeated, in a fault or anywhere else. */
  readonly secret?: boolean;
}

interface Described<Fallback extends string | undefined> {
  readonly meaning: string;
  readonly fallback?: Fallback;
  readonly shownDefault?: string;
  readonly unit?: string;
  readonly secret?: boolean;
}

type Read<T, Fallback> = Setting<Fallback extends string ? T : T | undefined>;

function setting<T, const Fallback extends string | undefined = undefined>(
  schema: z.ZodType<T>,
  { fallback, ...rest }: Described<Fallback>,
): Read<T, Fallback> {
  // The reader answers undefined, and does not ask the schema, when there is neither a text nor a fallback.
  return { schema, fallback, ...rest };
}

type Integer<Fallback extends string | undefined> = Described<Fallback> & {
  readonly from: number;
  readonly to: number;
};

export function integer<const Fallback extends string | undefined = undefined>({
  from,
  to,
  ...rest
}: Integer<Fallback>): Read<number, Fallback> {
  const rule = `must be an integer from ${from} to ${to}`;
  const schema = z
    .string()
    .regex(/^-?\d{1,15}$/, { error: rule, abort: true })
    .transform(Number)
    .refine((value) => value >= from && value <= to, rule);
  return setting(schema, rest);
}

export function text<const Fallback extends string | undefined = undefined>(
  described: Described<Fallback>,
): Read<string, Fallback> {
  return setting(z.string(), described);
}

/** Part of a key or of a channel's name: no braces, colons, bars or spaces. */
export function name<const Fallback extends string | undefined = undefined>(
  described: Described<Fallback> & { readonly longest?: number },
): Read<string, Fallback> {
  const { longest = 64, ...rest } = described;
  const rule = `must be 1 to ${longest} of A-Z a-z 0-9 _ . -`;
  return setting(z.string().regex(new RegExp(`^[A-Za-z0-9_.-]{1,${longest}}$`), rule), rest);
}

export function oneOf<const Choice extends string, const Fallback extends Choice>(
  choices: readonly [Choice, ...Choice[]],
  described: Described<Fallback>,
): Setting<Choice> {
  const schema: z.ZodType<Choice> = z.enum(choices, { error: `must be one of ${choices.join(', ')}` });
  return { schema, ...described, fallback: described.fallback };
}

export function yesOrNo<const Fallback extends string>(described: Described<Fallback>): Setting<boolean> {
  const schema = z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .transform((given) => given === 'true' || given === '1');
  return { schema, ...described, fallback: described.fallback };
}

/** A length of time with its unit, at least a minute, or `forever`. */
export function duration<const Fallback extends string>(described: Described<Fallback>): Setting<number> {
  const schema = z.string().transform((given, context): number => {
    const ms = given === 'forever' ? Number.POSITIVE_INFINITY : durationMs(given);
    if (ms !== undefined && ms >= 60_000) return ms;
    context.addIssue({
      code: 'custom',
      message: 'must be at least 60s, like 90s, 30m, 12h or 7d, or forever',
    });
    return z.NEVER;
  });
  return { schema, ...described, fallback: described.fallback };
}

/** A file whose content is the setting: secrets that are mounted rather than put into the environment. */
export function contentOf(described: Described<undefined>): Setting<string | undefined> {
  const schema = z.string().transform((path, context): string => {
    try {
      const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
      if (content !== '') return content;
      context.addIssue({ code: 'custom', message: 'must name a file that is not empty' });
    } catch (error) {
      context.addIssue({ code: 'custom', message: `must name a readable file: ${reasonOf(error)}` });
    }
    return z.NEVER;
  });
  return setting(schema, described);
}

export function readableFile(described: Described<undefined>): Setting<string | undefined> {
  const schema = z.string().superRefine((path, context) => {
    try {
      accessSync(path, constants.R_OK);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `must name a readable file: ${reasonOf(error)}` });
    }
  });
  return setting(schema, described);
}

export function listOf(
  each: z.ZodType<string, string>,
  described: Described<undefined>,
): Setting<string[] | undefined> {
  const parts = z.string().transform((given) => given.split(',').map((part) => part.trim()));
  return setting(z.pipe(parts, z.array(each)), described);
}

const REDIS_URL = /^rediss?(\+(sentinel|cluster))?:\/\/\S+$/;

/** Only its beginning is checked here; the adapter reads the rest and says what is wrong with it. */
export const redisUrl = z
  .string()
  .regex(
    REDIS_URL,
    'must look like redis[s][+sentinel|+cluster]://[user:password@]host[:port][,host...][/...]',
  );

export function redisUrlSetting(described: Described<string>): Setting<string> {
  return { schema: redisUrl, ...described, fallback: described.fallback, secret: true };
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
