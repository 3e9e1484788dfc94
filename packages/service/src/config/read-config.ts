import type { Setting } from './setting.js';

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Environment = Readonly<Record<string, string | undefined>>;

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

/** Values by the camel-case form of the variable's name: `LOCK_TTL_MS` -> `lockTtlMs`. */
export type ConfigOf<S extends Settings> = {
  readonly [Name in keyof S & string as CamelCase<Name>]: S[Name] extends Setting<infer T> ? T : never;
};

/** What is wrong with settings that are right one by one. Says it in one sentence per fault, beginning with a name. */
export type CrossCheck<Config> = (config: Config) => readonly string[];

/** Thrown when the environment cannot be used: all faults at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`the environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/**
 * Reads every setting once. A variable that is set to nothing counts as not set, as compose files write it.
 * @returns frozen
 * @throws ConfigError naming each wrong variable with its unit, and what crossCheck found when each one is right
 */
export function readConfig<S extends Settings>(
  settings: S,
  environment: Environment,
  crossCheck: CrossCheck<ConfigOf<S>>,
): ConfigOf<S> {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const given = environment[name] || undefined;
    const text = given ?? setting.fallback;
    if (text === undefined) {
      config[camelCase(name)] = undefined;
      continue;
    }
    const result = setting.schema.safeParse(text);
    if (result.success) config[camelCase(name)] = result.data;
    else faults.push(...faultsOf(name, setting, text, result.error.issues));
  }
  // The loop above has filled in one value per setting, by the name that the type derives.
  const whole = config as ConfigOf<S>;
  const allFaults = faults.length > 0 ? faults : crossCheck(whole);
  if (allFaults.length > 0) throw new ConfigError(allFaults);
  Object.freeze(config);
  return whole;
}

export function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}

function faultsOf(
  name: string,
  { unit, secret }: Setting<unknown>,
  given: string,
  issues: readonly { readonly message: string }[],
): string[] {
  const subject = unit === undefined ? name : `${name} (${unit})`;
  const shown = secret ? '' : `, not ${JSON.stringify(given.slice(0, 100))}`;
  return [...new Set(issues.map(({ message }) => `${subject} ${message}${shown}`))];
}
