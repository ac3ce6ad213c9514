// Client script: the slider that asks what is best under so many MACs.

export const budgetScript = String.raw`
function watchBudget(watcher) {
  const slider = document.getElementById('budget');
  if (!slider) return;
  const output = document.getElementById('budget-best');
  const { macs, error } = Object.fromEntries(objectives);
  const [lowest, highest] = [report.front[0], report.front.at(-1)].map((place) => Math.max(macs.values[place], 1));

  // The slider is logarithmic; its ends are the front's.
  // Rounded up to three digits: of the slider's place at an individual, that individual is within.
  function budgetOf(share) {
    const exact = lowest * (highest / lowest) ** share;
    const unit = 10 ** Math.max(Math.floor(Math.log10(exact)) - 2, 0);
    return Math.min(Math.ceil(exact / unit) * unit, highest);
  }
  function show() {
    const limit = budgetOf(slider.value / slider.max);
    // By rising MACs the front's errors fall.
    const best = report.front.findLast((place) => macs.values[place] <= limit) ?? report.front[0];
    const text = numberText(macs, limit) + ' MACs';
    slider.ariaValueText = text + ': ' + individuals[best].name + ', ' + valueText(error, best);
    output.replaceChildren(
      'Best under ' + text + ': ',
      individualLink(best),
      ', validation error ' + valueText(error, best) + ', ' + valueText(macs, best) + ' MACs.',
    );
    return { macs: limit, best };
  }
  const start = report.knee ?? report.front.at(-1);
  slider.value = Math.ceil(
    (slider.max * Math.log(Math.max(macs.values[start], 1) / lowest)) / Math.log(highest / lowest),
  );
  show();
  slider.addEventListener('input', () => watcher(show()));
}
`;
