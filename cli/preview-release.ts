/** Giving a picture's memory back while the collector sees no need to. */
import { MessageChannel } from 'node:worker_threads';

/**
 * Frees the bytes of an array at once; it is empty from then on. A picture may take 256 MiB, of which the collector,
 * busy with little else, lets several lie.
 *
 * @param bytes not of a shared or pooled buffer
 */
export function release({ buffer }: Uint8Array): void {
  const { port1 } = new MessageChannel();
  port1.close();
  // What is moved into a closed port is gone, as HTML's rules for ports ask; ArrayBuffer's `transfer` takes Node.js 22.
  port1.postMessage(null, [buffer as ArrayBuffer]);
}
