/** The names of a pixel: what they stand for in a SHADE, whatever they mean in the program around it. */

/** What the pixel is at first, and becomes; a SHADE may set them. */
export const CHANNELS = ['r', 'g', 'b', 'a'] as const;
/** Where the pixel is, and how large the rectangle of the SHADE: nothing sets them. */
export const PLACES = ['x', 'y', 'w', 'h'] as const;

export type Channel = (typeof CHANNELS)[number];
export type PlaceName = (typeof PLACES)[number];

export function isChannel(name: string): name is Channel {
  return (CHANNELS as readonly string[]).includes(name);
}

export function isPlace(name: string): name is PlaceName {
  return (PLACES as readonly string[]).includes(name);
}
