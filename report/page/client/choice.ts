// Client script: the individual that the reader chose is in the page's address, so that it can be linked to and gone
// back from.

export const choiceScript = String.raw`
const choiceWatchers = [];

function addressOf(place) {
  return '#individual-' + encodeURIComponent(ids[place]);
}

// At first the knee, or else what is best in validation error.
function chosenPlace() {
  const named = ids.findIndex((_, place) => addressOf(place) === location.hash);
  return named >= 0 ? named : (report.knee ?? report.front.at(-1));
}

function choose(place) {
  if (location.hash === addressOf(place)) tellChoice();
  else location.hash = addressOf(place);
}

function tellChoice() {
  for (const watcher of choiceWatchers) watcher(chosenPlace(), true);
}

function watchChoice(watcher) {
  choiceWatchers.push(watcher);
  watcher(chosenPlace(), location.hash === addressOf(chosenPlace()));
}

addEventListener('hashchange', tellChoice);
`;
