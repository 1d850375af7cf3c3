/** Starts the schedules that the template declares. How a schedule works is in schedule.ts. */

import { z } from 'zod';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import { parseRate, type Schedule, startSchedule } from './schedule.ts';
import { type Resolver, resourcesOfType, type Template, UnsupportedTemplateError } from './template.ts';

const RULE = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string(), Input: z.string().optional() })),
});

/** A rule's metadata may say this where EventBridge, which goes down to a minute, can't be told the wanted period. */
const METADATA = z.object({ PeriodSeconds: z.number().positive().optional() });

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
    const { ScheduleExpression, State, Targets } = RULE.parse(resolver.resolve(resource.Properties));
    const { PeriodSeconds } = METADATA.parse(resource.Metadata ?? {});
    const periodMs = PeriodSeconds === undefined ? parseRate(ScheduleExpression) : PeriodSeconds * 1000;
    if (State === 'DISABLED') return [];
    return Targets.map(({ Id, Arn, Input }) => {
      const target = functions.get(Arn);
      if (target === undefined) throw new UnsupportedTemplateError(`The target ${Arn} is no function.`);
      return startSchedule({
        name: `${logicalId}-${Id}`,
        periodMs,
        target,
        input: Input,
        positions,
        onTrouble: (sentence) => onTrouble(target.label, sentence),
      });
    });
  });
}
