/** `gvpie store list`: what the registry has, written as it is read, so that it takes no memory. */
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { StoreTable } from '../orchestrator/host/store-table.ts';
import { visible } from '../renderer/language/caret.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withDatabaseToRead } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { snakeCase } from './print.ts';
import { Outlet } from './replay-report.ts';

/** Rows that are written at a time. */
const AT_A_TIME = 100;

export async function listStore(
  { script, json = false }: { readonly script?: string; readonly json?: boolean },
  settings: Settings,
): Promise<ExitCode> {
  return withDatabaseToRead(settings, async (database) => {
    const scriptId = script === undefined ? undefined : scriptNamed(new ScriptCatalog(database), script).id;
    const outlet = new Outlet();
    let text = json ? '[' : '';
    let count = 0;
    for (const { id: _, ...row } of new StoreTable(database).rows(scriptId)) {
      if (json) text += `${count === 0 ? '\n' : ',\n'}${JSON.stringify(snakeCase(row))}`;
      else text += `${lineOf(row)}\n`;
      if (++count % AT_A_TIME !== 0) continue;
      await outlet.write(text);
      text = '';
      // Whoever has closed the pipe wants to know no more.
      if (outlet.isUnread) return EXIT.ok;
    }
    await outlet.write(json ? `${text}${count === 0 ? '' : '\n'}]\n` : text);
    return EXIT.ok;
  });
}

type Row = Omit<ReturnType<StoreTable['rows']> extends Generator<infer One> ? One : never, 'id'>;

/** The name stands last: it may have any length. */
function lineOf({ createdAt, width, height, bytes, checksum, sweptAt, fileName }: Row): string {
  const cells = [
    createdAt.padEnd(24),
    `${width}×${height}`.padStart(11),
    `${bytes}`.padStart(9),
    checksum.slice(0, 12).padEnd(12),
    `${fileName}${sweptAt === null ? '' : `  swept ${sweptAt}`}`,
  ];
  return visible(cells.join('  '));
}
