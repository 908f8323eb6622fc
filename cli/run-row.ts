/** A row of the history in words: how a run ended, and why. */
import type { RunRow } from '../orchestrator/script.ts';
import type { Complaint } from '../shared/faults.ts';
import { decodeReply } from '../shared/protocol/reply.ts';

/** The outcome; for the seed's runs, which have none, what their `success` says. */
export function outcomeOf({
  outcome,
  success,
  finishedAt,
}: Pick<RunRow, 'outcome' | 'success' | 'finishedAt'>): string {
  if (outcome !== null) return outcome;
  if (finishedAt === null) return 'open';
  return success === 1 ? 'success' : 'failed';
}

/** How a run ended; `known` where nothing was rendered for it, be the picture taken or rejected. */
export function outcomeWords(
  run: Parameters<typeof outcomeOf>[0] & { readonly known: boolean | 0 | 1 },
): string {
  return run.known ? `${outcomeOf(run)}, known` : outcomeOf(run);
}

/** Its cartridge, and whether its file is gone on purpose; nothing where there is none. */
export function cartridgeWords({
  cartridgeName,
  cartridgeSweptAt,
}: Pick<RunRow, 'cartridgeName' | 'cartridgeSweptAt'>): string {
  if (cartridgeName === null) return '';
  return cartridgeSweptAt === null ? cartridgeName : `${cartridgeName}, swept ${cartridgeSweptAt}`;
}

/** Behind why a picture was rejected, under which name it is kept, for a person to look at; nothing where none is. */
export function keptWords(run: Pick<RunRow, 'outcome' | 'cartridgeName' | 'cartridgeSweptAt'>): string {
  const words = run.outcome === 'rejected' ? cartridgeWords(run) : '';
  return words === '' ? '' : `; its picture is ${words}`;
}

/** What went wrong. Ours are replies in JSON; anything else in `stderr` is taken as it is, without a code. */
export function errorsOf({ stderr, success }: Pick<RunRow, 'stderr' | 'success'>): readonly Complaint[] {
  if (stderr === null || stderr.trim() === '' || success === 1) return [];
  const reply = decodeReply(stderr);
  if (reply?.status === 'refused') return reply.errors as readonly Complaint[];
  if (reply?.status === 'error') return [reply.error as Complaint];
  return [{ code: '', message: stderr.trim() }];
}
