/** Every program of up to four tokens; the short tests have those of three. */
import { describeShortPrograms } from '../renderer/language/short-programs.ts';

describeShortPrograms(4);
