/**
 * Event patterns of Lambda's filter criteria, as EventBridge documents exact values, `prefix`, `suffix`, `anything-but`,
 * `exists`, `numeric` and `equals-ignore-case`. Where events come from is not here.
 */

/** Whether an event, parsed from JSON, is to be handled. */
export type EventFilter = (event: unknown) => boolean;

type Matcher = (value: unknown) => boolean;

/** The pattern is malformed, or uses an operator that is not known here. */
export class InvalidPatternError extends Error {
  override readonly name = 'InvalidPatternError';
}

/**
 * The filter that accepts events which match any of the patterns, or all events if there are no patterns.
 * @throws {InvalidPatternError}
 */
export function parseEventFilter(patterns: readonly string[]): EventFilter {
  if (patterns.length === 0) {
    return () => true;
  }
  const matchers = patterns.map((pattern) => parsePattern(JSON.parse(pattern)));
  return (event) => matchers.some((matches) => matches(event));
}

function parsePattern(pattern: unknown): Matcher {
  if (Array.isArray(pattern)) {
    return parseAlternatives(pattern);
  }
  if (!isObject(pattern)) {
    throw new InvalidPatternError(`Neither a list nor an object: ${print(pattern)}.`);
  }
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) {
      throw new InvalidPatternError(`The operator ${name} is not known.`);
    }
    return [name, parsePattern(inner)] as const;
  });
  return (value) => fields.every(([name, matches]) => matches(isObject(value) ? value[name] : undefined));
}

/** A list of alternatives; a list in the event matches if one of its items does. */
function parseAlternatives(alternatives: readonly unknown[]): Matcher {
  const matchers = alternatives.map(parseAlternative);
  return (value) => {
    const values = Array.isArray(value) ? value : [value];
    return matchers.some((matches) => values.some(matches));
  };
}

function parseAlternative(alternative: unknown): Matcher {
  if (!isObject(alternative)) {
    return (value) => value === alternative;
  }
  const [[operator, argument] = ['', undefined], ...others] = Object.entries(alternative);
  const parse = OPERATORS[operator];
  if (parse === undefined || others.length > 0) {
    throw new InvalidPatternError(`The operator in ${print(alternative)} is not known.`);
  }
  return parse(argument);
}

const OPERATORS: Readonly<Record<string, (argument: unknown) => Matcher>> = {
  exists: (wanted) => (value) => (value !== undefined) === wanted,
  prefix: onText((value, prefix) => value.startsWith(prefix)),
  suffix: onText((value, suffix) => value.endsWith(suffix)),
  'equals-ignore-case': onText((value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (excluded) => {
    const isExcluded = isObject(excluded)
      ? parseAlternative(excluded)
      : parseAlternatives(Array.isArray(excluded) ? excluded : [excluded]);
    return (value) => value !== undefined && !isExcluded(value);
  },
  numeric: parseNumeric,
};

function onText(compare: (value: string, argument: string) => boolean): (argument: unknown) => Matcher {
  return (argument) => {
    if (typeof argument !== 'string') {
      throw new InvalidPatternError(`Not a text: ${print(argument)}.`);
    }
    return (value) => typeof value === 'string' && compare(value, argument);
  };
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One comparison, or two that both must hold: `[">", 0, "<=", 5]`. */
function parseNumeric(argument: unknown): Matcher {
  const words = Array.isArray(argument) ? argument : [];
  if (words.length !== 2 && words.length !== 4) {
    throw new InvalidPatternError(`Not a comparison: ${print(argument)}.`);
  }
  const comparisons = [words.slice(0, 2), words.slice(2)].filter(({ length }) => length > 0);
  const matchers = comparisons.map(([symbol, bound]) => {
    const compare = COMPARISONS[String(symbol)];
    if (compare === undefined || typeof bound !== 'number') {
      throw new InvalidPatternError(`Not a comparison: ${print(argument)}.`);
    }
    return (value: number) => compare(value, bound);
  });
  return (value) => typeof value === 'number' && matchers.every((matches) => matches(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function print(value: unknown): string {
  return JSON.stringify(value);
}
