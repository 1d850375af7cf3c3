/** Starts the schedules that the template declares. How a schedule works is in schedule.ts. */

import { z } from 'zod';
import { type OperationSettings, parseSettings } from '../../shell/settings.ts';
import {
  type Resolver,
  readProperties,
  resourcesOfType,
  type Template,
  UnsupportedTemplateError,
} from '../stack/template.ts';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import { parseRate, type Schedule, startSchedule } from './schedule.ts';

const RULE = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string(), Input: z.string().optional() })),
});

/**
 * EventBridge's rates go down to a minute, so the stack rounds the periods that the settings ask for. Here they are kept,
 * read from the settings which the stack gives to the functions.
 */
const EXACT_PERIODS: Readonly<Record<string, (settings: OperationSettings) => number>> = {
  'sweep-accounts': ({ accountsScanSeconds }) => accountsScanSeconds,
  'sweep-transfers': ({ preparedTransfersScanSeconds }) => preparedTransfersScanSeconds,
};

export interface ScheduleSurroundings {
  readonly template: Template;
  readonly resolver: Resolver;
  readonly functions: Iterable<LocalFunction>;
  readonly positions: Positions;
  /** For people: what went wrong with a function. */
  readonly onTrouble: (functionLabel: string, sentence: string) => void;
}

export function startSchedules(surroundings: ScheduleSurroundings): readonly Schedule[] {
  const { template, resolver, positions, onTrouble } = surroundings;
  const functions = new Map(Array.from(surroundings.functions, (target) => [target.arn, target]));
  return resourcesOfType(template, 'AWS::Events::Rule').flatMap(([logicalId, resource]) => {
    const { ScheduleExpression, State, Targets } = readProperties(
      logicalId,
      resolver.resolve(resource.Properties),
      RULE,
    );
    if (State === 'DISABLED') {
      return [];
    }
    return Targets.map(({ Id, Arn, Input }) => {
      const target = functions.get(Arn);
      if (target === undefined) {
        throw new UnsupportedTemplateError(`The target ${Arn} is no function.`);
      }
      return startSchedule({
        name: `${logicalId}-${Id}`,
        periodMs: periodOf(target, ScheduleExpression),
        target,
        input: Input,
        positions,
        onTrouble: (sentence) => onTrouble(target.label, sentence),
      });
    });
  });
}

function periodOf({ label, environment }: LocalFunction, expression: string): number {
  const exactSeconds = EXACT_PERIODS[label]?.(parseSettings(environment));
  return exactSeconds === undefined ? parseRate(expression) : exactSeconds * 1000;
}
