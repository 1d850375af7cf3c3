/** How long AWS calls of a function may take. */

/** A call that takes longer has an unknown outcome, and is taken for unavailability. */
export const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: 5_000,
  throwOnRequestTimeout: true,
};
