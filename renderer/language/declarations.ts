/** Declarations: what the lines of a program add to its names, and which variables are a DEF's own. */
import { LIMITS } from '../../shared/limits.ts';
import type { Definition, NameNode, Names, Operand, Param, Statement } from './ast.ts';
import type { NameFaults } from './name-faults.ts';
import type { Scope } from './scope.ts';
import type { Vocabulary } from './vocabulary.ts';

export class Declarations {
  readonly #vocabulary: Vocabulary;
  readonly #faults: NameFaults;

  constructor(vocabulary: Vocabulary, faults: NameFaults) {
    this.#vocabulary = vocabulary;
    this.#faults = faults;
  }

  /** First, what a statement adds to the names. */
  declare(statement: Statement, scope: Scope): void {
    const { opcode, operands } = statement;
    this.#faults.line = statement.line;
    switch (opcode) {
      case 'DIM':
      case 'DATA':
      case 'PARAM':
      case 'DEF':
      case 'SPRITE':
      case 'IMAGE':
        this.#declareName(statement, operands[0] as NameNode);
        break;
      case 'SET':
      case 'ADD':
      case 'FOR': {
        const place = operands[0] as Operand;
        if (place.kind === 'name') this.#vocabulary.sets(scope, place.name);
        break;
      }
      case 'GLOBAL':
        for (const name of operands) this.#vocabulary.shares(scope, (name as NameNode).name);
        break;
      default:
    }
  }

  /** Then, which variables are a DEF's own. */
  settle(scopes: readonly Scope[]): void {
    this.#vocabulary.settle();
    for (const scope of scopes) {
      const { definition } = scope;
      if (definition === undefined) continue;
      this.#faults.line = definition.line;
      const parameters = definition.operands.slice(1) as NameNode[];
      const seen = new Set<string>();
      for (const node of parameters) {
        this.#faults.requireOwn(node, 'an argument', this.#vocabulary);
        if (seen.has(node.name))
          this.#faults.refuse(
            node,
            'PXL-E017',
            'Expected arguments that differ',
            'twice',
            'rename one of them',
          );
        else if (this.#vocabulary.isShared(scope, node.name)) {
          this.#faults.refuse(
            node,
            'PXL-E017',
            'Expected an argument',
            'which a GLOBAL of this DEF names',
            'rename one of them',
          );
        }
        seen.add(node.name);
      }
      const locals = this.#vocabulary.localsOf(scope).length;
      if (locals <= LIMITS.locals) continue;
      const [name] = definition.operands as [NameNode];
      const found = `, which has ${locals}`;
      this.#faults.refuse(
        name,
        'PXL-E023',
        `Expected a DEF of at most ${LIMITS.locals} variables`,
        found,
        'use an array',
      );
    }
  }

  /** @param params the PARAMs, whose ranges are in order */
  names(scopes: readonly Scope[], params: readonly Param[]): Names {
    const definitions: Definition[] = [];
    for (const scope of scopes) {
      if (scope.definition === undefined || scope.definition.operands.length === 0) continue;
      const [name, ...parameters] = scope.definition.operands as [NameNode, ...NameNode[]];
      definitions.push({
        name: name.name,
        line: scope.definition.line,
        parameters: parameters.map((parameter) => parameter.name),
        locals: this.#vocabulary.localsOf(scope),
      });
    }
    return {
      globals: this.#vocabulary.globals(),
      params,
      arrays: this.#vocabulary.arrays(),
      definitions,
    };
  }

  #declareName(statement: Statement, node: NameNode): void {
    if (!this.#faults.requireFree(node)) return;
    const known = this.#vocabulary.declare(statement);
    if (known === undefined) return;
    const found = `which line ${known.line} declares with ${known.opcode}`;
    this.#faults.refuse(node, 'PXL-E017', 'Expected a new name', found, 'one name means one thing');
  }
}
