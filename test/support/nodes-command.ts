/** `npm run nodes`: fetches the versions of Node.js under which the tests press, 150 MB once, and says where they lie. */
import { fetchNode, NODES, nodePath } from './nodes.ts';

for (const packed of NODES) {
  const did = fetchNode(packed) ? 'fetched into' : 'is there already, at';
  console.error(`Node.js ${packed.version} ${did} ${nodePath(packed.version)}`);
}
