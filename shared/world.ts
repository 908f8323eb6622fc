/** The world as interfaces: what the daemons are written against; shared/host/ holds the real one. */

export interface Clock {
  /** Unix epoch, milliseconds; may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** ISO 8601 UTC with milliseconds. */
  iso(): string;
}

/** Events are named `noun:verb`; fields are snake_case, sizes and times carry their units. */
export interface Journal {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
}
