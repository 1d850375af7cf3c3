/** The CDK app, with the switches of CDK that shape its templates. What is deployed is in the stack. */

import { App, type AppProps } from 'aws-cdk-lib/core';
import recommendedFeatureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * An app that gives the same template to the CDK CLI, which adds a context of its own, to the local run and to tests. The
 * feature flags are those that the pinned version of CDK recommends for a new project.
 */
export function createApp(props: AppProps = {}): App {
  return new App({
    analyticsReporting: false,
    // Otherwise a failed app would still write an assembly, without the stack, when the process ends.
    autoSynth: false,
    ...props,
    context: {
      ...recommendedFeatureFlags,
      // The local run finds the functions' code through the metadata.
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': true,
      ...props.context,
    },
  });
}
