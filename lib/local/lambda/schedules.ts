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
import { createSwitch, type Switch } from './switchable.ts';

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

/** A schedule with the switch of its rule. */
export interface RunningSchedule extends Schedule {
  readonly rule: string;
  readonly control: Switch;
}

export function startSchedules(surroundings: ScheduleSurroundings): readonly RunningSchedule[] {
  const { template, resolver, positions, onTrouble } = surroundings;
  const functions = new Map(Array.from(surroundings.functions, (target) => [target.arn, target]));
  return resourcesOfType(template, 'AWS::Events::Rule').flatMap(([logicalId, resource]) => {
    const { ScheduleExpression, State, Targets } = readProperties(
      logicalId,
      resolver.resolve(resource.Properties),
      RULE,
    );
    const control = createSwitch({ name: logicalId, isOn: State === 'ENABLED', positions });
    resolver.define(logicalId, { Ref: logicalId });
    return Targets.map(({ Id, Arn, Input }) => {
      const target = functions.get(Arn);
      if (target === undefined) {
        throw new UnsupportedTemplateError(`The target ${Arn} is no function.`);
      }
      if (!control.isOn()) {
        onTrouble(target.label, 'is not started on schedule, which is paused; npm run resume lets it go on');
      }
      const schedule = startSchedule({
        name: `${logicalId}-${Id}`,
        periodMs: periodOf(target, ScheduleExpression),
        target,
        input: Input,
        positions,
        control,
        onTrouble: (sentence) => onTrouble(target.label, sentence),
      });
      return { ...schedule, rule: logicalId, control };
    });
  });
}

function periodOf({ label, environment }: LocalFunction, expression: string): number {
  const exactSeconds = EXACT_PERIODS[label]?.(parseSettings(environment));
  return exactSeconds === undefined ? parseRate(expression) : exactSeconds * 1000;
}
