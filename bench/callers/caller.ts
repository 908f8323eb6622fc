/** A caller: asks a server one thing at a time and believes only what it has checked. */
import { believe } from '../../shared/protocol/belief.ts';
import { decodeReply } from '../../shared/protocol/reply.ts';

export interface Caller {
  readonly name: string;
  /** One command there, its checked pixels back. */
  call(id: string, command: string): Promise<Uint8Array>;
  close(): void;
}

/** The checks that SpoolClient makes, for answers that came another way: a reply, its length, its SHA-256. */
export function checkAnswer(text: string, pixels: Uint8Array): Uint8Array {
  const reply = decodeReply(text);
  if (reply?.status !== 'ok') throw new Error(`Expected pixels, found ${text.slice(0, 200)}`);
  const answer = believe(reply, pixels);
  if ('unbelievable' in answer) throw new Error(answer.unbelievable);
  return pixels;
}
