/** Every string of up to four tokens from the start of a program; the short tests have those of three. */
import { describeEnumeration } from '../renderer/language/enumeration.ts';

describeEnumeration(4);
