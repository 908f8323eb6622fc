/** Colour for people: on a terminal only, and never where NO_COLOR is set or the terminal is dumb. */

/** Each gives the text back, dressed or plain. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** What of a stream decides. */
export interface Outlet {
  readonly isTTY?: boolean;
}

/** The style for what is written to `outlet`. */
export function styleOf(
  outlet: Outlet,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Style {
  const plain = outlet.isTTY !== true || Boolean(environment.NO_COLOR) || environment.TERM === 'dumb';
  const dress = (start: number, end: number) => (text: string) =>
    plain || text === '' ? text : `\x1b[${start}m${text}\x1b[${end}m`;
  return {
    bold: dress(1, 22),
    dim: dress(2, 22),
    red: dress(31, 39),
    green: dress(32, 39),
    yellow: dress(33, 39),
  };
}
