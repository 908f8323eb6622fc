/**
 * Breadth first through every situation that the operations of life-world.ts lead to, with at most two tracked jobs.
 * Each is reached by its shortest way, and what is tried from there is undone again.
 */
import { hasEnded } from '../../orchestrator/life.ts';
import { type JobRow, LifeWorld, MAX_ATTEMPTS, OPERATIONS, SCRIPT, type Scene } from './life-world.ts';

export interface Exploration {
  readonly situations: number;
  readonly transitions: number;
  /** Moves that were seen, such as `queued running`. */
  readonly moves: ReadonlySet<string>;
  /** What did not hold, with the way there: of the first step after which anything did not. */
  readonly objections: readonly string[];
  /** Ways to situations from which the script is never rendered any more. */
  readonly traps: readonly string[];
}

/** Where more jobs than these are tracked, nothing further is tried. */
const MOST_TRACKED = 2;

interface Situation {
  /** Indices of operations. */
  readonly way: readonly number[];
  readonly isDone: boolean;
  readonly from: Set<Situation>;
}

export function explore(sabotage = ''): Exploration {
  const world = new LifeWorld(sabotage);
  const moves = new Set<string>();
  const objections: string[] = [];
  let transitions = 0;
  const first: Situation = { way: [], isDone: false, from: new Set() };
  const found = new Map([[keyOf(world.scene()), first]]);

  /** What one operation leads to; false when something does not hold there. */
  const step = (situation: Situation, before: Scene, operation: number): boolean => {
    attempt(world, operation, before);
    transitions++;
    const after = world.scene();
    noteMoves(before, after, moves);
    const wrong = objectionsTo(after);
    const key = keyOf(after);
    const known = found.get(key);
    if (known !== undefined) known.from.add(situation);
    else if (after.tracked.length <= MOST_TRACKED) {
      wrong.push(...objectionsOfWorld(world, after));
      const way = [...situation.way, operation];
      found.set(key, { way, isDone: isDone(after), from: new Set([situation]) });
    }
    objections.push(...wrong.map((what) => `${what}, after: ${named([...situation.way, operation])}`));
    return wrong.length === 0;
  };

  // What is found meanwhile comes after.
  for (const situation of found.values()) {
    const isWhole = undone(world, () => {
      for (const operation of situation.way) attempt(world, operation, world.scene());
      const scene = world.scene();
      return OPERATIONS.every(
        ({ index = -1 }, operation) =>
          index >= scene.tracked.length || undone(world, () => step(situation, scene, operation)),
      );
    });
    if (!isWhole) break;
  }
  world.sql.close();
  const traps = objections.length > 0 ? [] : trapsAmong([...found.values()]);
  return { situations: found.size, transitions, moves, objections, traps };
}

/** Runs `work` and takes back what it did to the database. */
function undone<Result>(world: LifeWorld, work: () => Result): Result {
  world.write('SAVEPOINT before');
  try {
    return work();
  } finally {
    world.write('ROLLBACK TO before');
    world.write('RELEASE before');
  }
}

/** An operation that a trigger refuses has done nothing. */
function attempt(world: LifeWorld, operation: number, scene: Scene): void {
  try {
    OPERATIONS[operation]?.act(world, scene);
  } catch (error) {
    if (!(error as Error).message.includes('Expected a')) throw error;
  }
}

const named = (way: readonly number[]): string => way.map((index) => OPERATIONS[index]?.name).join('; ');

function keyOf({ script, isMet, tracked }: Scene): string {
  return JSON.stringify([
    script?.enabled,
    isMet,
    tracked.map(({ script_id, revision, state, held, blocked, cancel, attempts, retry_at, open }) => [
      script_id === null ? 'orphan' : revision === script?.revision ? 'present' : 'old',
      ...[state, held, blocked, cancel, attempts, retry_at !== null, open],
    ]),
  ]);
}

const isDone = ({ script, tracked }: Scene): boolean =>
  tracked.some(({ state, revision }) => state === 'done' && revision === script?.revision);

function noteMoves(before: Scene, after: Scene, moves: Set<string>): void {
  const states = new Map(before.jobs.map(({ id, state }) => [id, state]));
  for (const { id, state } of after.jobs) {
    const from = states.get(id);
    if (from !== undefined && from !== state) moves.add(`${from} ${state}`);
  }
}

/** What does not hold, as far as the rows tell. */
function objectionsTo({ script, isMet, jobs, tracked, strayRuns }: Scene): string[] {
  const wrong: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) wrong.push(what);
  };
  const isPresent = (job: JobRow) => job.script_id === SCRIPT && job.revision === script?.revision;
  expect('an open run has a running job', strayRuns === 0);
  const slots = jobs.filter(({ script_id }) => script_id !== null).map(({ slot }) => slot);
  expect('no two jobs are of one slot', new Set(slots).size === slots.length);
  expect(
    'a script has one job of its revision, and none when it is gone',
    jobs.filter(isPresent).length === (script === undefined ? 0 : 1),
  );
  for (const job of tracked) {
    const { state, held, blocked, cancel, attempts, retry_at, ended_at, open } = job;
    expect('a running job has one open run, and no other has one', open === (state === 'running' ? 1 : 0));
    expect('what waits is of the present revision', state !== 'queued' || isPresent(job));
    expect(
      'what waits is held while its script is not enabled',
      state !== 'queued' || held === 1 - (script?.enabled ?? 1),
    );
    expect(
      'what waits is blocked while its needs are not met',
      state !== 'queued' || (blocked === 0) === isMet,
    );
    expect('what waits is not cancelled', state !== 'queued' || cancel === 0);
    expect('what waits has attempts left', state !== 'queued' || attempts < MAX_ATTEMPTS);
    expect('what runs waits for no later attempt', state !== 'running' || retry_at === null);
    expect('what has ended has its time, and nothing else', hasEnded(state) === (ended_at !== null));
  }
  for (const { state, attempts, successes } of jobs) {
    expect('what is dead has no attempts left', state !== 'dead' || attempts >= MAX_ATTEMPTS);
    expect('what is done has a run that was a success', state !== 'done' || successes > 0);
  }
  return wrong;
}

/** What does not hold, as far as trying shows. */
function objectionsOfWorld(world: LifeWorld, { jobs, tracked }: Scene): string[] {
  const wrong: string[] = [];
  const due = world.due();
  for (const job of jobs) {
    const isClaimed = undone(world, () => world.claim(job));
    const isWaiting = due.includes(job.id) || (job.state === 'queued' && job.retry_at !== null);
    if (due.includes(job.id) && !isClaimed) wrong.push('what is due can be claimed');
    if (isClaimed && !isWaiting) wrong.push('nothing is claimed that does not wait');
    if (tracked.includes(job)) continue;
    const again = () => world.write(`UPDATE jobs SET state = 'queued' WHERE id = ?`, job.id);
    if (undone(world, () => !isRefused(again))) wrong.push('what is of an old revision is not queued again');
  }
  if (undone(world, () => world.closeAgain()) !== 0) wrong.push('a run that has ended stays as it is');
  return wrong;
}

function isRefused(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return (error as Error).message.includes("Expected a job of its script's present revision");
  }
}

/** Those from which no way leads to a job that is done. */
function trapsAmong(situations: readonly Situation[]): string[] {
  const reached = new Set(situations.filter((one) => one.isDone));
  for (const situation of reached) for (const before of situation.from) reached.add(before);
  return situations.filter((one) => !reached.has(one)).map(({ way }) => named(way));
}
