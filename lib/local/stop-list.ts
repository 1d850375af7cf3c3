/** What has been started and must be stopped, in the opposite order. */

export interface StopList {
  readonly add: (stop: () => unknown) => void;
  /** Stops everything, last started first, and goes on where something fails; then throws the first failure. */
  readonly stopAll: () => Promise<void>;
}

export function createStopList(): StopList {
  const stops: (() => unknown)[] = [];
  return {
    add: (stop) => void stops.push(stop),
    stopAll: async () => {
      const failures: unknown[] = [];
      for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
        try {
          await stop();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) {
        throw failures[0];
      }
    },
  };
}
