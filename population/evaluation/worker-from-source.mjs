// What a thread loads when neurostitch runs from its TypeScript source (tsx, vitest): first the loader, then the module.
import { register } from 'tsx/esm/api';

register();
const { default: work } = await import(process.argv[2]);
export default work;
