/**
 * `npm run software-gpu`: unpacks the software GPU and prints, as shell commands and nothing else, the
 * environment that leads to it. `eval "$(npm run --silent software-gpu)"` takes it over. An argument names
 * another folder than the cache.
 */
import { resolve } from 'node:path';
import {
  noSoftwareGpu,
  SOFTWARE_GPU,
  softwareGpuEnvironment,
  unpackSoftwareGpu,
} from './software-gpu-folder.ts';

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const [, , folder = SOFTWARE_GPU.folder] = process.argv;
const place = { ...SOFTWARE_GPU, folder: resolve(folder) };
const why = noSoftwareGpu(place);
if (why === undefined) {
  const did = unpackSoftwareGpu(place) ? 'unpacked into' : 'is there already, in';
  console.error(`the software GPU ${did} ${place.folder}`);
  for (const [name, value] of Object.entries(softwareGpuEnvironment(place)))
    console.log(`export ${name}=${quote(value)}`);
} else {
  console.error(`no software GPU: ${why}`);
  process.exitCode = 1;
}
