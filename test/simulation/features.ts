/**
 * What one seed's world is like. Each seed turns features on and off (swarm testing), because a world with every fault
 * at once hides what a single kind of fault would show.
 */

import { Random } from './random.ts';
import { DAY, HOUR, SECOND } from './scheduler.ts';

/** All values are numbers and 0 means "off", so shrinking and `--set name=value` treat them all alike. */
export interface Features {
  // How large the world is.
  readonly currencies: number;
  readonly creditors: number;
  readonly actions: number;
  /** The longest pause between two actions, in seconds. */
  readonly actionGap: number;
  /** Requests made at once by a coordinator that makes many. */
  readonly burst: number;

  // Faults of the tables, as probabilities of a call.
  readonly throttles: number;
  readonly conflicts: number;
  readonly failuresBefore: number;
  readonly failuresAfter: number;
  readonly lateWrites: number;
  readonly repeatedWrites: number;
  readonly unprocessedKeys: number;
  readonly staleReads: number;
  /** Errors that the code under test does not know. */
  readonly oddErrors: number;
  /** How old a stale read may be, in seconds. */
  readonly staleness: number;
  readonly expiry: number;
  /** The most items in a page of a scan; 0 for all. */
  readonly scanPage: number;
  /** How many items the service says a table holds. A sweep chooses its number of segments by it. */
  readonly countedItems: number;

  // Faults of queues, topics and streams.
  readonly queueDuplicates: number;
  readonly queueLateDuplicates: number;
  readonly queueDelays: number;
  readonly queueBatch: number;
  /** With how many messages an event is full, whose function then takes more; 0 for a function that takes no more. */
  readonly fullEvent: number;
  readonly maxReceives: number;
  readonly messagingFailures: number;
  readonly streamRewinds: number;
  readonly streamStalls: number;
  /** A shard splits in two. */
  readonly streamSplits: number;
  /** A batch is handled by two invocations at once. */
  readonly streamOverlaps: number;
  readonly streamShards: number;
  readonly streamBatch: number;
  /** How many attempts a batch of records gets before the records are given up; 0 for as many as fit into 20 hours. */
  readonly streamAttempts: number;
  readonly topicDuplicates: number;
  /** A message is published and reaches no subscriber. */
  readonly topicLosses: number;
  /** For so many hours no topic takes anything. */
  readonly topicOutage: number;

  /** How many sweeps run over each table, besides those at the end. */
  readonly sweeps: number;

  // Faults of functions.
  readonly crashes: number;
  readonly slowCalls: number;
  /** For a while every call to the tables is refused. */
  readonly outages: number;
  /** A function is of a newer release, and adds to what it writes what this one does not know. */
  readonly newerRelease: number;
  /** An item can't be read for a while. */
  readonly damage: number;
  /** A stream record can't be read until an operator hands it in again. */
  readonly damagedRecords: number;
  /** An invocation has little of its time left when it begins. */
  readonly lateStarts: number;
  /** The largest error of an invocation's clock, in seconds. */
  readonly clockSkew: number;
  readonly clockJumps: number;

  // Clients: 1 if the world has such clients, or the probability of such a step.
  readonly resending: number;
  /** A message comes again after weeks or months. */
  readonly veryLateCopies: number;
  readonly amnesia: number;
  readonly misbehaving: number;
  readonly malformed: number;
  readonly hugeAmounts: number;
  readonly negligibleAmounts: number;
  readonly interest: number;
  readonly negativeInterest: number;
  readonly deletion: number;
  readonly agents: number;
  /** Accounts are paid, or opened again, just when they are deleted or removed. */
  readonly departures: number;
  /** How many bits transfer IDs have; 0 for all of them. */
  readonly narrowIds: number;
  /** Accounts have nearly as many prepared transfers as they may have. */
  readonly crowded: number;
  readonly unanswered: number;
  /** The probability that a coordinator answers late, and its longest delay in seconds. */
  readonly slowness: number;
  readonly thinking: number;
  /** Actions long after all others, when accounts have been deleted or purged. */
  readonly lateActions: number;

  // The authority's settings.
  /** All its periods are divided by this. */
  readonly haste: number;
  readonly updateDelay: number;
  /** How many items a sweep may change in a second. */
  readonly sweepWrites: number;
}

export type FeatureName = keyof Features;

/** The features of a seed, with some of them replaced. */
export function drawFeatures(random: Random, overrides: Partial<Features>): Features {
  const sometimes = (probability: number, min: number, max: number): number => {
    const value = random.spread(min, max);
    return random.chance(probability) ? round(value) : 0;
  };
  const rate = (): number => sometimes(0.4, 0.01, 0.25);
  const isLong = random.chance(0.4);
  // More messages for one account than fit into a transaction.
  const isCrowd = random.chance(0.015);
  const deletion = sometimes(0.3, 0.05, 0.4);
  const interest = sometimes(0.4, 1, 1);
  // Without sweeps no account is deleted, and little interest is capitalized.
  const sweeps = random.chance(deletion + interest > 0 ? 0.9 : 0.4)
    ? random.between(1, deletion > 0 ? 8 : 4)
    : 0;
  const haste = random.chance(0.5) ? round(random.spread(1, 200)) : 1;
  const actionGap = round(isLong ? random.spread(HOUR, 20 * DAY) / SECOND : random.spread(0.01, 60));
  const drawn: Features = {
    currencies: random.chance(0.2) ? 2 : 1,
    creditors: isCrowd ? 2 : random.between(2, 4),
    actions: Math.round(random.spread(3, 16)),
    actionGap,
    burst: isCrowd ? random.between(100, 130) : Math.round(sometimes(0.3, 2, 10)),
    throttles: rate(),
    conflicts: rate(),
    failuresBefore: rate(),
    failuresAfter: rate(),
    lateWrites: sometimes(0.3, 0.01, 0.15),
    repeatedWrites: sometimes(0.3, 0.01, 0.3),
    unprocessedKeys: sometimes(0.3, 0.02, 0.4),
    staleReads: sometimes(0.6, 0.1, 1),
    oddErrors: sometimes(0.15, 0.005, 0.05),
    staleness: round(random.spread(0.05, 3)),
    expiry: sometimes(0.5, 0.5, 1),
    scanPage: random.chance(0.3) ? random.between(1, 5) : 0,
    countedItems: random.chance(0.3) ? random.pick([60_000, 120_000]) : 0,
    queueDuplicates: sometimes(0.5, 0.02, 0.4),
    queueLateDuplicates: sometimes(0.3, 0.02, 0.3),
    queueDelays: sometimes(0.5, 0.05, 0.8),
    queueBatch: isCrowd
      ? 1_000
      : Math.round(random.chance(0.05) ? random.spread(20, 300) : random.spread(1, 20)),
    fullEvent: random.chance(0.6) ? random.between(1, isCrowd ? 10 : 3) : 0,
    maxReceives: random.chance(0.3) ? random.between(2, 5) : 20,
    messagingFailures: sometimes(0.5, 0.02, 0.4),
    streamRewinds: sometimes(0.4, 0.02, 0.4),
    streamStalls: sometimes(0.3, 0.02, 0.3),
    streamSplits: sometimes(0.3, 0.005, 0.1),
    streamOverlaps: sometimes(0.4, 0.02, 0.5),
    streamShards: isCrowd ? 1 : random.between(1, 3),
    streamBatch: isCrowd
      ? 1_000
      : Math.round(random.chance(0.05) ? random.spread(20, 300) : random.spread(1, 20)),
    streamAttempts: random.chance(0.3) ? random.between(1, 3) : 0,
    topicDuplicates: sometimes(0.4, 0.02, 0.4),
    topicLosses: sometimes(0.25, 0.02, 0.3),
    sweeps,
    crashes: sometimes(0.5, 0.01, 0.3),
    slowCalls: sometimes(0.3, 0.005, 0.05),
    outages: sometimes(0.2, 0.0003, 0.01),
    damage: sometimes(0.15, 0.005, 0.1),
    damagedRecords: sometimes(0.15, 0.005, 0.1),
    lateStarts: sometimes(0.5, 0.02, 0.2),
    clockSkew: sometimes(0.5, 0.001, 600),
    clockJumps: sometimes(0.2, 0.01, 0.3),
    resending: sometimes(0.3, 0.1, 1),
    veryLateCopies: sometimes(0.2, 0.02, 0.3),
    amnesia: sometimes(0.3, 0.05, 0.4),
    misbehaving: sometimes(0.3, 0.05, 0.5),
    malformed: sometimes(0.2, 0.05, 0.4),
    hugeAmounts: sometimes(0.15, 1, 1),
    negligibleAmounts: sometimes(0.3, 1, 1),
    interest,
    negativeInterest: sometimes(0.2, 1, 1),
    deletion,
    agents: sometimes(deletion > 0 ? 0.8 : 0.2, 0.1, 0.6),
    departures: sometimes(deletion > 0 ? 0.6 : 0, 0.3, 1),
    narrowIds: random.chance(0.08) ? random.between(2, 6) : 0,
    crowded: sometimes(0.08, 0.3, 1),
    unanswered: sometimes(0.3, 0.05, 0.5),
    slowness: round(random.spread(interest > 0 ? 0.3 : 0.05, 0.8)),
    thinking: round(
      random.spread(2, Math.max(4, 3 * actionGap, sweeps > 0 ? (60 * DAY) / haste / SECOND : 0)),
    ),
    lateActions: sweeps > 0 ? random.between(0, deletion > 0 ? 6 : 2) : 0,
    haste,
    updateDelay: random.pick([0, 1, 10, 120, 900]),
    newerRelease: sometimes(0.3, 0.05, 0.7),
    sweepWrites: random.pick([10, 500]),
    topicOutage: sometimes(0.15, 0.5, 50),
  };
  return { ...drawn, ...overrides };
}

/** The simplest value of a feature: shrinking tries it to find out whether a failure needs the feature at all. */
export const SIMPLEST: Partial<Features> = {
  currencies: 1,
  creditors: 1,
  actions: 0,
  actionGap: 1,
  queueBatch: 1,
  maxReceives: 20,
  staleness: 0.05,
  streamShards: 1,
  streamBatch: 1,
  streamAttempts: 0,
  thinking: 2,
  haste: 1,
  sweepWrites: 500,
};

/** @throws {RangeError} when the text is not `name=value` of a feature */
export function parseOverride(text: string): Partial<Features> {
  const [name = '', value = ''] = text.split('=');
  const number = Number(value);
  if (!FEATURE_NAMES.includes(name as FeatureName) || value === '' || !Number.isFinite(number)) {
    throw new RangeError(`${text} is not name=value of a feature; there are ${FEATURE_NAMES.join(', ')}`);
  }
  return { [name]: number };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

export const FEATURE_NAMES = Object.keys(drawFeatures(new Random('names'), {})) as readonly FeatureName[];
