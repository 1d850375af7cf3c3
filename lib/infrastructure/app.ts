/** The CDK app with CDK's own switches, which decide how templates come out. What is deployed is in the stack. */

import { App, type AppProps } from 'aws-cdk-lib/core';
import recommendedFeatureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * An app that gives the same template whoever runs it: the CDK CLI, which adds a context of its own, the local run or a
 * test. Feature flags are those that CDK recommends for a new project, as of the pinned version of CDK.
 */
export function createApp(props: AppProps = {}): App {
  return new App({
    analyticsReporting: false,
    // Otherwise an app that failed would still write an assembly, without its stack, when the process ends.
    autoSynth: false,
    ...props,
    context: {
      ...recommendedFeatureFlags,
      // The local run finds the functions' code by the metadata.
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': true,
      ...props.context,
    },
  });
}
