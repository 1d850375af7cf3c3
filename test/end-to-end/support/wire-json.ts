/**
 * SMP messages as JSON, written and read independently of this project's code: a bigint has digits only, and a number has
 * a point or an exponent. So comparing values also compares their form.
 */

export type WireValue = string | bigint | number;
export type WireMessage = Readonly<Record<string, WireValue>>;

export function printWire(message: Readonly<Record<string, WireValue>>): string {
  const members = Object.entries(message).map(
    ([name, value]) => `${JSON.stringify(name)}:${printValue(value)}`,
  );
  return `{${members.join(',')}}`;
}

export function parseWire(text: string): WireMessage {
  const reviveNumber = (_name: string, value: unknown, { source = '' }: { source?: string } = {}) => {
    if (typeof value !== 'number') {
      return value;
    }
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, reviveNumber) as WireMessage;
}

function printValue(value: WireValue): string {
  if (typeof value === 'bigint') {
    return `${value}`;
  }
  if (typeof value === 'number') {
    return Number.isInteger(value) && value < 1e21 ? `${value}.0` : `${value}`;
  }
  // SQS refuses these two unless they are escaped.
  return JSON.stringify(value).replace(/[\ufffe\uffff]/g, (character) =>
    character === '\ufffe' ? '\\ufffe' : '\\uffff',
  );
}
