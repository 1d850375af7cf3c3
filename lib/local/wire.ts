/** SMP messages for people and the demo: JSON whose integers are bigints, since amounts and IDs have up to 64 bits. */

export type WireMessage = Readonly<Record<string, unknown>>;

export function parseWire(text: string): WireMessage {
  return JSON.parse(text, exactInteger) as WireMessage;
}

function exactInteger(_name: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  return typeof value === 'number' && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** Whether the message has all these values. */
export function hasFields(message: WireMessage, fields: WireMessage): boolean {
  return Object.entries(fields).every(([name, value]) => message[name] === value);
}
