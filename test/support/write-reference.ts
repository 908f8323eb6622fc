/**
 * Writes what is made from the tables of the language: the generated blocks of docs/language.md and
 * docs/machine.md, the pictures under their programs, and docs/pxl.tmLanguage.json. Run in the repository root,
 * after a build: `node dist/test/support/write-reference.js`. A picture that is right stays as it is.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { judge } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { renderProgram } from '../golden/corpus.ts';
import { editorGrammarText, GRAMMAR_FILE } from './editor-grammar.ts';
import { GENERATED_PAGES, picturedPrograms, withBlocks } from './page-blocks.ts';
import { shownPicture } from './shown-pictures.ts';

/** Folders that hold nothing else. */
const PICTURE_FOLDERS = ['docs/reference', 'docs/tour'];

async function isRight(path: string, program: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const cartridge = openCartridge(readFileSync(path));
  if (cartridge.label.program !== program) return false;
  return judge(cartridge, await renderProgram(program, cartridge.label.canvas)).verdict === 'ok';
}

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
  console.log(path);
}

const shown = new Set<string>();
for (const page of GENERATED_PAGES) {
  const text = withBlocks(readFileSync(page, 'utf8'));
  write(page, text);
  for (const { program, path } of picturedPrograms(text)) {
    const picture = join(dirname(page), path);
    shown.add(picture);
    if (await isRight(picture, program)) continue;
    mkdirSync(dirname(picture), { recursive: true });
    const inputs = parse(sourceOf(program)).images.flatMap((image) => ['--input', shownPicture(image)]);
    const render = ['dist/cli/main.js', 'render', '-', '-o', picture, '--backend', 'cpu', ...inputs];
    execFileSync(process.execPath, render, { input: program, stdio: ['pipe', 'inherit', 'inherit'] });
  }
}
for (const folder of PICTURE_FOLDERS) {
  for (const name of readdirSync(folder)) {
    const picture = join(folder, name);
    if (shown.has(picture)) continue;
    rmSync(picture);
    console.log(`${picture}: gone`);
  }
}
write(GRAMMAR_FILE, editorGrammarText());
