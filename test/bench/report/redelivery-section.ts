/** What redelivered messages cost. */

import type { RedeliveryResult } from '../results.ts';
import { printCount, printUnits } from './printed-figures.ts';
import type { Section } from './section.ts';

export function redeliverySection(redelivery: RedeliveryResult | undefined): Section | undefined {
  if (redelivery === undefined) {
    return undefined;
  }
  const { messageCount, writeUnits, readUnits, publishedCount } = redelivery;
  return {
    title: 'Messages that come again',
    paragraphs: [
      `Of ${printCount(messageCount)} messages that came a second time, each took ${printUnits(writeUnits)} write units and ` +
        `${printUnits(readUnits)} read units; ${printCount(publishedCount)} messages were published because of them.`,
    ],
    charts: {},
  };
}
