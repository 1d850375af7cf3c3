/** One simulated year of a currency from one seed; `year-checks.ts` checks the result. */

import type { Timestamp } from '../../../lib/protocol/timestamps.ts';
import { parseSettings } from '../../../lib/shell/settings.ts';
import { Random } from '../../simulation/random.ts';
import { Agenda } from './agenda.ts';
import { QuietCloud } from './quiet-cloud.ts';
import { DAY, type Farewell, HOUR, YearClients, type YearPlan } from './year-clients.ts';

/** 2027-01-15T08:00:00Z. */
const START: Timestamp = 1_800_000_000_000_000n;

export interface YearResult {
  readonly cloud: QuietCloud;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly farewells: ReadonlyMap<bigint, Farewell>;
}

/** Simulates the year, with sweeps over accounts every 8 hours and over transfers every day. */
export async function liveThroughYear(seed: string, plan: YearPlan): Promise<YearResult> {
  const random = new Random(seed);
  const troubles = random.fork('troubles');
  const cloud = new QuietCloud({
    start: START,
    settings: parseSettings({}),
    // The shares that are lost, and left to the sweeps.
    losesCredit: ({ request }) => troubles.chance(request.coordinatorType === 'direct' ? 0.2 : 0.02),
    losesChore: () => troubles.chance(0.02),
    onPublished: (message) => clients.learn(message),
  });
  const agenda = new Agenda();
  const clients: YearClients = new YearClients({ cloud, agenda, random: random.fork('clients') }, plan);
  clients.begin();
  const end = START + BigInt(plan.dayCount) * DAY;
  for (let at = START + 8n * HOUR; at <= end; at += 8n * HOUR) {
    agenda.enter(at, () => cloud.sweep('accounts'));
  }
  for (let at = START + DAY; at <= end; at += DAY) {
    agenda.enter(at, () => cloud.sweep('transfers'));
  }
  await agenda.run(START, end, (time) => cloud.passTo(time));
  return { cloud, start: START, end, farewells: clients.farewells };
}
