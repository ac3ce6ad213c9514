// The text of docs/operators.md, from the registry and the lists that the laws run over.
import { format } from 'prettier';
import type { Operator } from '../operators/operator.ts';
import { operators } from '../operators/registry.ts';
import { laws } from '../test/helpers/operator-laws.ts';

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const overview = table(
  ['operator', 'class', 'cost'],
  operators.map(({ name, preserves, cost }) => [`[${name}](#${name})`, preserves, cost]),
);

const coverage = table(
  ['operator', ...laws.map(({ name }) => name)],
  operators.map((operator) => [operator.name, ...laws.map((law) => (law.operators.includes(operator) ? 'x' : ''))]),
);

function section(operator: Operator): string {
  return `## ${operator.name}

${operator.summary}

- formula: \`${operator.formula}\`
- class: ${promise(operator)}
- where: ${operator.conditions}
${operator.namesChannels ? '- site: how many channels, as `amount`; or which, as `channels`\n' : ''}- source: ${operator.source}
`;
}

function promise(operator: Operator): string {
  const { preserves, evalOnly } = operator;
  if (preserves === 'approximate' && !operator.tolerance) return 'approximate, without a bound';
  return `${preserves}, ${evalOnly ? 'in eval mode only' : 'in eval and train mode'}`;
}

const sayings = laws.map(({ name, says, files }) => `- **${name}**: ${says} (${files.join(', ')}).`);

/** The page as Markdown, formatted. */
export function operatorCatalogue(): Promise<string> {
  const text = `# Operators

Written by \`npm run -s catalogue\` from \`operators/registry.ts\`. One trained parent becomes one child.

**bit**: equal bits when summed in order in float64 (+0 equals -0), for finite values. **real**: equal in exact
arithmetic. **approximate**: within the tolerance that the operator states, or none; such children are to be trained.
W1 makes a channel group, W2 reads it; phi is an activation function.

${overview}

## Laws

They run in \`test/laws\` over random networks:

${sayings.join('\n')}

${coverage}

No cross: no values are promised (approximate, without a tolerance), only those in eval mode are, or no operator of the
registry undoes the growth. [mutation-tests.md](mutation-tests.md) shows which planted faults the laws catch.

${operators.map(section).join('\n')}`;
  return format(text, { parser: 'markdown', printWidth: 120, proseWrap: 'always' });
}
