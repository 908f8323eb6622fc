/** Admission: what a command in the spool has to be like beside its own fields. */
import type { Command, RefusedCommand } from '../shared/protocol/command.ts';

/** Holds a spooled command to the name of its file, and to what that name meant before. */
export function admit(
  command: Command | RefusedCommand,
  id: string,
  remembered: string | undefined,
  digest: string,
): Command | RefusedCommand {
  if (remembered !== undefined && remembered !== digest) {
    return { op: 'refused', id, complaints: [reusedId(id)] };
  }
  if (command.id !== undefined && command.id !== id) {
    const message = `Expected "id" to be the file's name ${JSON.stringify(id)}, found ${JSON.stringify(command.id)}`;
    return { op: 'refused', id, complaints: [{ code: 'CMD-E007', message }] };
  }
  if (command.op === 'read_canvas') {
    const message = 'Expected "read_canvas" at the slot (cmd.json), found it in the spool';
    return { op: 'refused', id, complaints: [{ code: 'CMD-E012', message }] };
  }
  return command;
}

/** The complaint about an id that stood for another command before. */
export function reusedId(id: string) {
  return {
    code: 'CMD-E008',
    message: `Expected a new id, found ${JSON.stringify(id)} used before with another command`,
    hint: 'Give each command an id of its own, such as a UUID.',
  };
}
