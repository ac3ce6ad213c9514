// The worker's entry when neurostitch runs from its TypeScript source (tsx, vitest): worker threads need the loader too.
import { register } from 'tsx/esm/api';

register();
const { default: work } = await import('./worker.ts');
export default work;
