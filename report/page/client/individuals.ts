// Client script: the individuals and objectives of the embedded data, and how their values are written.

export const individualsScript = String.raw`
const report = JSON.parse(document.getElementById('report-data').textContent);
const { ids, names, kinds, labels, made, parents, generations, failures } = report.individuals;
const objectives = new Map(report.objectives.map((objective) => [objective.key, objective]));
const individuals = ids.map((id, place) => ({
  place,
  id,
  name: names[place] ?? id,
  kind: kinds[place],
  made: labels[made[place]],
  // An ancestor that the record does not know is an id.
  parents: parents[place],
  generation: generations[place],
  failure: failures[place],
}));

function numberText(objective, value, settings) {
  const decimals = { minimumFractionDigits: objective.decimals, maximumFractionDigits: objective.decimals };
  return value.toLocaleString('en-US', { ...decimals, ...settings }) + objective.unit;
}

function valueText(objective, place) {
  const value = objective.values[place];
  return value === null ? 'not measured' : numberText(objective, value);
}

function nameOfParent(parent) {
  return typeof parent === 'number' ? individuals[parent].name : parent;
}

// Name and facts, for those who point at an individual.
function aboutIndividual(individual) {
  return {
    name: individual.name,
    facts: [
      ['How made', individual.made],
      ['Parents', individual.parents.map(nameOfParent).join(', ') || 'none'],
      ...(individual.failure === undefined
        ? report.objectives.map((objective) => [objective.title, valueText(objective, individual.place)])
        : [['Failed', individual.failure]]),
    ],
  };
}
`;
