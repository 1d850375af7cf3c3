/**
 * One simulated world: builds it from a seed, runs its clients and faults, brings it to rest, and checks every guarantee
 * at each commit and at the end.
 */

import { type OperationSettings, parseSettings } from '../../lib/shell/settings.ts';
import { Authority } from './authority.ts';
import { topicErrors } from './aws/aws-errors.ts';
import type { Cloud } from './aws/invocation.ts';
import type { ItemChange } from './aws/simulated-tables.ts';
import { censusOf } from './census.ts';
import { Chaos } from './chaos.ts';
import { Correspondence } from './clients/correspondence.ts';
import { Population } from './clients/population.ts';
import { type Death, type Disaster, scheduleDisaster } from './disaster.ts';
import { EventLog } from './event-log.ts';
import { drawFeatures, type Features } from './features.ts';
import { checkAtEnd, checksOfCommits } from './guarantees/all-guarantees.ts';
import { unexplainedRepair, unfinishedWork } from './guarantees/repairs.ts';
import type { CommitCheck, Evidence, Violation } from './guarantees/violation.ts';
import { type Commit, History, type Writer } from './history.ts';
import { narrowTransferIds } from './narrow-hash.ts';
import { Operator } from './operator.ts';
import { Random } from './random.ts';
import { DAY, HOUR, type Instant, RestlessWorldError, Scheduler, SECOND } from './scheduler.ts';

export interface WorldResult {
  readonly seed: number;
  readonly features: Features;
  /** The first guarantee that was found broken. */
  readonly violation: Violation | undefined;
  /** The same for any two runs of one seed. */
  readonly digest: string;
  /** How often each kind of event happened. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface WorldOptions {
  readonly overrides?: Partial<Features>;
  /** The long outage of a drill. */
  readonly disaster?: Disaster;
  /** Where functions of a drill die. */
  readonly death?: Death;
  /** Receives the event log line by line. */
  readonly write?: (line: string) => void;
}

const START = Date.UTC(2026, 10, 22, 9) * 1_000;
/** How long a world may go on after its last client action, so that deletions and purges fall due. */
const LONGEST_AGING = 250 * DAY;

export async function runWorld(seed: number, options: WorldOptions = {}): Promise<WorldResult> {
  const world = new World(seed, options);
  await world.live();
  return world.result();
}

class World {
  readonly #seed: number;
  readonly #random: Random;
  readonly #features: Features;
  readonly #cloud: Cloud;
  readonly #history = new History();
  readonly #correspondence: Correspondence;
  readonly #authority: Authority;
  readonly #operator: Operator;
  #population: Population | undefined;
  #violation: Violation | undefined;
  /** When the last sweep began; whatever was left to it has to be explained. */
  #lastSweepAt: Instant | undefined;

  constructor(seed: number, { overrides = {}, disaster, death, write }: WorldOptions) {
    this.#seed = seed;
    this.#random = new Random(String(seed));
    this.#features = drawFeatures(this.#random.fork('features'), overrides);
    const scheduler = new Scheduler(START);
    const chaos = new Chaos(this.#features, this.#random.fork('chaos'));
    if (disaster !== undefined) {
      scheduleDisaster(disaster, scheduler, chaos);
    }
    if (death !== undefined) {
      chaos.planDeath(death);
    }
    this.#cloud = { scheduler, chaos, log: new EventLog(scheduler, write) };
    this.#correspondence = new Correspondence(this.#cloud);
    const settings = settingsOf(this.#features);
    const checks = checksOfCommits({
      features: this.#features,
      settings,
      history: this.#history,
      correspondence: this.#correspondence,
    });
    this.#authority = new Authority(this.#cloud, settings, {
      committed: (changes, by) => this.#committed(changes, by, checks),
      worked: (work) => this.#report(unfinishedWork(work, this.#history)),
      published: (message) => this.#correspondence.publish(message),
      handled: ({ body }) => this.#correspondence.handled(body),
      deadLetter: (body, attributes) => this.#correspondence.deadLetter(body, attributes),
    });
    this.#operator = new Operator(this.#cloud, this.#authority.tables);
  }

  async live(): Promise<void> {
    narrowTransferIds(this.#features.narrowIds);
    try {
      this.#startClients();
      await this.#cloud.scheduler.untilRest();
      this.#cloud.chaos.calm();
      await this.#settle();
    } catch (error) {
      if (!(error instanceof RestlessWorldError)) {
        throw error;
      }
      this.#report({ guarantee: 'the world comes to rest', details: error.message });
    }
    if (this.#violation === undefined) {
      this.#report(checkAtEnd(this.#evidence()));
    }
    narrowTransferIds(0);
  }

  result(): WorldResult {
    const { chaos, log, scheduler } = this.#cloud;
    return {
      seed: this.#seed,
      features: this.#features,
      violation: this.#violation,
      digest: log.digest,
      counts: { ...chaos.counts, ...censusOf(this.#history), events: scheduler.eventCount },
    };
  }

  /** An error in the simulation itself must not look like a table error to the code under test. */
  #committed(changes: readonly ItemChange[], by: Writer | undefined, checks: readonly CommitCheck[]): void {
    const { scheduler, chaos, log } = this.#cloud;
    chaos.count('commits');
    for (const { table, key, before, after } of changes) {
      log.add('commit', `${table} ${key}`, () => storyOf(before, after));
    }
    try {
      const commit = this.#history.add(scheduler.now, changes, by);
      for (const check of checks) {
        this.#report(check(commit));
      }
      this.#operator.watch(changes);
      this.#tellOfDepartures(commit);
      if (this.#lastSweepAt !== undefined) {
        this.#report(this.#repairFault(commit, this.#lastSweepAt));
      }
    } catch (error) {
      this.#report({ guarantee: 'What is written can be read', details: String(error) });
    }
  }

  #tellOfDepartures({ accounts }: Commit): void {
    const { commitPeriodSeconds, intranetExtremeDelaySeconds } = this.#authority.settings;
    const reach = 2 * DAY + (commitPeriodSeconds + intranetExtremeDelaySeconds) * SECOND;
    for (const { before, after } of accounts) {
      if (after?.deletedAt !== undefined && before?.deletedAt === undefined && !this.#lastSweepAt) {
        this.#population?.departed(after, reach);
      }
    }
  }

  #repairFault(commit: Commit, startedAt: Instant): Violation | undefined {
    const { abandonedCredits: transfers, abandonedAccounts: accounts } = this.#authority;
    return unexplainedRepair(commit, { startedAt, transfers, accounts }, this.#history);
  }

  #startClients(): void {
    const { scheduler, chaos } = this.#cloud;
    const tools = {
      scheduler,
      random: this.#random.fork('clients'),
      features: this.#features,
      chaos,
      correspondence: this.#correspondence,
      queue: this.#authority.incoming,
    };
    const population = new Population(tools, () => this.#sweep());
    this.#population = population;
    const busy = population.start();
    const { sweeps, haste, lateActions } = this.#features;
    const random = this.#random.fork('schedule');
    const longest = LONGEST_AGING / haste + 4 * DAY;
    const aging = sweeps === 0 ? 0 : random.chance(0.5) ? random.spread(HOUR, longest) : longest;
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      const end = random.chance(0.5) ? busy : busy + aging;
      scheduler.after(random.fraction() * end, () => this.#sweep());
    }
    for (let action = 0; action < lateActions; action += 1) {
      population.actLater(busy + aging);
    }
    if (this.#features.topicOutage > 0) {
      scheduler.after(random.fraction() * busy, () =>
        chaos.beginTopicOutage(random.pick(topicErrors()), scheduler.now),
      );
    }
    // Some worlds become reliable while much work is still open.
    scheduler.inBackground(busy * random.spread(0.5, 20), () => chaos.calm());
    scheduler.afterManyEvents(() => chaos.calm());
  }

  #sweep(): void {
    this.#authority.startSweep('transfers');
    this.#authority.startSweep('accounts');
  }

  /** The sweeps find whatever was left undone, once it is old enough that they need not leave it to others. */
  async #settle(): Promise<void> {
    await this.#pass(2 * HOUR);
    await this.#sweepToTheEnd();
    if (this.#features.topicLosses > 0) {
      const { heartbeatSeconds, reminderSeconds } = this.#authority.settings;
      await this.#pass(Math.max(heartbeatSeconds, reminderSeconds) * SECOND + 2 * HOUR);
      await this.#sweepToTheEnd();
    }
  }

  async #sweepToTheEnd(): Promise<void> {
    this.#lastSweepAt = this.#cloud.scheduler.now;
    this.#sweep();
    await this.#cloud.scheduler.untilRest();
  }

  async #pass(duration: number): Promise<void> {
    this.#cloud.scheduler.after(duration, () => {});
    await this.#cloud.scheduler.untilRest();
  }

  #evidence(): Evidence {
    return {
      features: this.#features,
      settings: this.#authority.settings,
      history: this.#history,
      correspondence: this.#correspondence,
      authority: this.#authority,
      lastSweepAt: this.#lastSweepAt ?? this.#cloud.scheduler.now,
    };
  }

  #report(violation: Violation | undefined): void {
    if (violation !== undefined && this.#violation === undefined) {
      this.#violation = violation;
      this.#cloud.log.add('VIOLATION', violation.guarantee, () => violation.details);
      this.#cloud.scheduler.stop();
    }
  }
}

/** The default settings with shorter periods, so that months of protocol time pass between the actions of some worlds. */
function settingsOf({ haste, updateDelay, sweepWrites }: Features): OperationSettings {
  const settings = parseSettings({});
  const hurry = (seconds: number): number => seconds / haste;
  return {
    ...settings,
    messageMaxDelaySeconds: hurry(settings.messageMaxDelaySeconds),
    heartbeatSeconds: hurry(settings.heartbeatSeconds),
    reminderSeconds: hurry(settings.reminderSeconds),
    commitPeriodSeconds: hurry(settings.commitPeriodSeconds),
    minCapitalizationSeconds: hurry(settings.minCapitalizationSeconds),
    deletionAttemptsMinSeconds: hurry(settings.deletionAttemptsMinSeconds),
    intranetExtremeDelaySeconds: hurry(settings.intranetExtremeDelaySeconds),
    accountUpdateDelaySeconds: updateDelay,
    sweepWritesPerSecond: sweepWrites,
  };
}

/** What a commit changed, attribute by attribute. */
function storyOf(
  before: Readonly<Record<string, unknown>> = {},
  after: Readonly<Record<string, unknown>> | undefined = undefined,
): string {
  if (after === undefined) {
    return 'removed';
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name] ?? '-'} → ${after[name] ?? '-'}`)
    .join(', ');
}
