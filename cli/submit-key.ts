/** Keys under which scripts are submitted: once, however often somebody tries. */
import type { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { PlanRow } from '../orchestrator/queue.ts';
import type { Lang, ScriptDetail } from '../orchestrator/script.ts';
import { decodeUtf8 } from '../shared/bytes.ts';
import { badInput } from './refusal.ts';
import type { Plan } from './script-plan.ts';

/** All that a new script's row is given, but for its name. */
export type NewContent = Required<Plan> & {
  readonly lang: Lang;
  readonly code: string;
  readonly width: number;
  readonly height: number;
  readonly params: string | null;
};

/** @throws {Refusal} when another script, or another content, was submitted under the key */
export function requireSame(row: ScriptDetail, had: PlanRow, name: string, content: NewContent): void {
  const there: NewContent & { readonly name: string } = {
    ...{ name: row.name, lang: row.lang as Lang, width: row.width as number, height: row.height as number },
    ...{ code: decodeUtf8(row.code) ?? '', params: row.params },
    ...{ schedule: had.schedule, timeZone: had.timeZone, catchUp: had.catchUp as 'one' },
    ...{ priority: had.priority, needs: had.needs, matrix: had.matrix, batch: had.batch, expect: had.expect },
    ...{ maxAttempts: had.maxAttempts, concurrency: had.concurrency, submitKey: had.submitKey },
    force: had.forceRender ? 1 : 0,
  };
  const wanted = { name, ...content };
  const others = Object.keys(wanted).filter(
    (key) => there[key as keyof typeof wanted] !== wanted[key as keyof typeof wanted],
  );
  if (others.length === 0) return;
  throw badInput(
    `Expected what was submitted under the key ${JSON.stringify(content.submitKey)}, found another ${others.join(', ')}`,
    `gvpie script show ${row.name} shows it`,
  );
}

/** @throws {Refusal} when another script was submitted under the key */
export function requireFreeKey(catalog: ScriptCatalog, submitKey: string | null, name: string): void {
  const other = submitKey === null ? undefined : catalog.submittedAs(submitKey);
  if (other === undefined || other === name) return;
  throw badInput(`Expected a new key, found the script ${JSON.stringify(other)} submitted under it`);
}
