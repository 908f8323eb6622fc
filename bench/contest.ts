/** A contest: several sides do the same, in turns, so that whatever else the machine does hits all alike. */

export interface Side {
  readonly name: string;
  /** Does it once. Only this is timed. */
  act(): unknown;
  /** Throws when what `act` gave is not what it should be. Called after each act, untimed. */
  check?(result: unknown): void;
}

export interface ContestPlan {
  /** Untimed calls of each side, before any is timed. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Calls in a row of one side in one round. */
  readonly calls: number;
}

/** @returns milliseconds of each timed call, in the order of `sides` */
export async function contest(sides: readonly Side[], plan: ContestPlan): Promise<number[][]> {
  for (const side of sides) {
    for (let call = 0; call < plan.warmUp; call++) {
      const result = await side.act();
      side.check?.(result);
    }
  }
  const samples: number[][] = sides.map(() => []);
  for (let round = 0; round < plan.rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      // Every round begins with another side: none always follows the same one.
      const index = (round + turn) % sides.length;
      const side = sides[index];
      for (let call = 0; call < plan.calls; call++) {
        const start = performance.now();
        let result = side?.act();
        // Awaiting what is no promise would charge a synchronous side for a turn of the queue.
        if (result instanceof Promise) result = await result;
        samples[index]?.push(performance.now() - start);
        side?.check?.(result);
      }
    }
  }
  return samples;
}
