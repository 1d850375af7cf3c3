/** DynamoDB's condition and filter expressions over top-level attributes: parsed once, evaluated on items. */

import type { AttributeValue, Item } from '../../../lib/storage/fields.ts';
import { validationError } from './aws-errors.ts';

/** The parts of a request that an expression's placeholders stand for. */
export interface ExpressionParts {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

type Operand = { readonly name: string } | { readonly value: string };

type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'exists'; readonly name: string; readonly isWanted: boolean }
  | { readonly kind: 'in'; readonly left: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand };

const TOKEN = /\s*(attribute_not_exists|attribute_exists|<>|<=|>=|[=<>(),]|[#:]?[A-Za-z0-9_]+)/y;
const parsed = new Map<
  string,
  { readonly expression: Expression; readonly placeholders: readonly string[] }
>();

/** @throws a ValidationException where DynamoDB would, such as for unused or undefined placeholders */
export function isConditionMet(text: string, parts: ExpressionParts, item: Item | undefined): boolean {
  const { expression, placeholders } = parse(text);
  checkPlaceholders(placeholders, parts);
  return evaluate(expression, parts, item ?? {});
}

function parse(text: string) {
  const known = parsed.get(text);
  if (known !== undefined) {
    return known;
  }
  const tokens = tokensOf(text);
  const expression = parseOr(tokens, text);
  if (tokens.length > 0) {
    throw validationError(`Invalid ConditionExpression: Syntax error; token: "${tokens[0]}"`);
  }
  const placeholders = [...new Set(text.match(/[#:][A-Za-z0-9_]+/g) ?? [])];
  const result = { expression, placeholders };
  parsed.set(text, result);
  return result;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) {
      throw validationError('Invalid ConditionExpression: Syntax error');
    }
    tokens.push(match[1]);
  }
  return tokens;
}

function parseOr(tokens: string[], text: string): Expression {
  return parseList('OR', 'or', parseAnd, tokens, text);
}

function parseAnd(tokens: string[], text: string): Expression {
  return parseList('AND', 'and', parseTerm, tokens, text);
}

function parseList(
  word: string,
  kind: 'and' | 'or',
  parsePart: (tokens: string[], text: string) => Expression,
  tokens: string[],
  text: string,
): Expression {
  const first = parsePart(tokens, text);
  const parts = [first];
  while (tokens[0]?.toUpperCase() === word) {
    tokens.shift();
    parts.push(parsePart(tokens, text));
  }
  return parts.length === 1 ? first : { kind, parts };
}

function parseTerm(tokens: string[], text: string): Expression {
  const token = tokens.shift();
  if (token?.toUpperCase() === 'NOT') {
    return { kind: 'not', part: parseTerm(tokens, text) };
  }
  if (token === '(') {
    const inner = parseOr(tokens, text);
    expect(')', tokens);
    return inner;
  }
  if (token === 'attribute_exists' || token === 'attribute_not_exists') {
    expect('(', tokens);
    const name = tokens.shift() ?? '';
    expect(')', tokens);
    return { kind: 'exists', name, isWanted: token === 'attribute_exists' };
  }
  const operator = tokens.shift() ?? '';
  if (token !== undefined && operator.toUpperCase() === 'IN') {
    return { kind: 'in', left: operandOf(token), choices: parseChoices(tokens) };
  }
  if (token === undefined || !['=', '<>', '<', '<=', '>', '>='].includes(operator)) {
    throw validationError(`Invalid ConditionExpression: Syntax error; token: "${operator}"`);
  }
  return { kind: 'compare', operator, left: operandOf(token), right: operandOf(tokens.shift() ?? '') };
}

function parseChoices(tokens: string[]): Operand[] {
  expect('(', tokens);
  const choices = [operandOf(tokens.shift() ?? '')];
  while (tokens[0] === ',') {
    tokens.shift();
    choices.push(operandOf(tokens.shift() ?? ''));
  }
  expect(')', tokens);
  return choices;
}

function operandOf(token: string): Operand {
  return token.startsWith(':') ? { value: token } : { name: token };
}

function expect(wanted: string, tokens: string[]): void {
  const token = tokens.shift();
  if (token !== wanted) {
    throw validationError(`Invalid ConditionExpression: Syntax error; token: "${token}"`);
  }
}

function checkPlaceholders(used: readonly string[], parts: ExpressionParts): void {
  const names = Object.keys(parts.ExpressionAttributeNames ?? {});
  const values = Object.keys(parts.ExpressionAttributeValues ?? {});
  const unused = [...names, ...values].find((placeholder) => !used.includes(placeholder));
  if (unused !== undefined) {
    throw validationError(`Value provided in Expression unused in expressions: keys: {${unused}}`);
  }
  const undefinedOne = used.find(
    (placeholder) => !names.includes(placeholder) && !values.includes(placeholder),
  );
  if (undefinedOne !== undefined) {
    throw validationError(`Invalid ConditionExpression: ${undefinedOne} is not defined`);
  }
}

function evaluate(expression: Expression, parts: ExpressionParts, item: Item): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => evaluate(part, parts, item));
    case 'or':
      return expression.parts.some((part) => evaluate(part, parts, item));
    case 'not':
      return !evaluate(expression.part, parts, item);
    case 'exists':
      return (item[nameOf(expression.name, parts)] !== undefined) === expression.isWanted;
    case 'in': {
      const value = attributeValue(expression.left, parts, item);
      return (
        value !== undefined &&
        expression.choices.some((choice) => attributeValue(choice, parts, item) === value)
      );
    }
    case 'compare':
      return compare(
        expression.operator,
        attributeValue(expression.left, parts, item),
        attributeValue(expression.right, parts, item),
      );
  }
}

function nameOf(name: string, { ExpressionAttributeNames = {} }: ExpressionParts): string {
  return ExpressionAttributeNames[name] ?? name;
}

function attributeValue(operand: Operand, parts: ExpressionParts, item: Item): AttributeValue | undefined {
  return 'name' in operand
    ? item[nameOf(operand.name, parts)]
    : normalized(parts.ExpressionAttributeValues?.[operand.value]);
}

/** The document client takes both number and bigint; DynamoDB has one kind of number. */
export function normalized(value: unknown): AttributeValue | undefined {
  return typeof value === 'number' ? BigInt(value) : (value as AttributeValue | undefined);
}

/** A comparison with an absent attribute is false. Values of different types are unequal and have no order. */
function compare(operator: string, left?: AttributeValue, right?: AttributeValue): boolean {
  if (left === undefined || right === undefined) {
    return false;
  }
  if (operator === '=' || operator === '<>') {
    return (left === right) === (operator === '=');
  }
  if (typeof left !== typeof right) {
    return false;
  }
  return operator.startsWith('<')
    ? left < right || (operator === '<=' && left === right)
    : left > right || (operator === '>=' && left === right);
}
