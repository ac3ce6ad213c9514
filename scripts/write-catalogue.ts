// Writes docs/operators.md.
import { writeFileSync } from 'node:fs';
import { operatorCatalogue } from './operator-catalogue.ts';

writeFileSync('docs/operators.md', await operatorCatalogue());
