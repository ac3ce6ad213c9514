// The text of docs/operators.md, from the registry and the lists that the laws run over.
import { format } from 'prettier';
import type { Operator } from '../operators/operator.ts';
import { operators } from '../operators/registry.ts';
import { lawGroups } from '../test/helpers/operator-laws.ts';

function lawsOf(operator: Operator): string {
  const groups = lawGroups.filter((group) => group.operators.includes(operator));
  return groups.map(({ name }) => name).join(', ');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const overview = operators.map((operator) =>
  row([`[${operator.name}](#${operator.name})`, operator.preserves, operator.cost, lawsOf(operator)]),
);

function section(operator: Operator): string {
  return `## ${operator.name}

${operator.summary}

- formula: \`${operator.formula}\`
- class: ${promise(operator)}
- where: ${operator.conditions}
- source: ${operator.source}
`;
}

function promise(operator: Operator): string {
  const { preserves, evalOnly } = operator;
  if (preserves === 'approximate' && !operator.tolerance) return 'approximate, without a bound';
  return `${preserves}, ${evalOnly ? 'in eval mode only' : 'in eval and train mode'}`;
}

const laws = lawGroups.map(({ name, file, says }) => `- **${name}** (\`test/laws/${file}\`): ${says}.`);

/** The page as Markdown, formatted. */
export function operatorCatalogue(): Promise<string> {
  const text = `# Operators

Written by \`npm run -s catalogue\` from \`operators/registry.ts\`. One trained parent becomes one child.

**bit**: equal bits when summed in order in float64 (+0 equals -0), for finite values. **real**: equal in exact
arithmetic. **approximate**: within the tolerance that the operator states, or none; such children are to be trained.
W1 makes a channel group, W2 reads it; phi is an activation function.

${[row(['operator', 'class', 'cost', 'laws']), row(['---', '---', '---', '---']), ...overview].join('\n')}

Laws run over random networks, for every operator of their list:

${laws.join('\n')}

Values also survive up to twelve growing operators in a row and up to eight of both sorts, and inverse pairs give back
the parent's hash. [mutation-tests.md](mutation-tests.md) shows which planted faults the laws catch.

${operators.map(section).join('\n')}`;
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'always' });
}
