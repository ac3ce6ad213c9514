// Where an individual is to be found within the page.

/** The id of what the page says of its lineage. */
export function individualAnchor(id: string): string {
  return `individual-${id}`;
}

/** With the script it shows the individual, without it leads to the anchor. */
export function individualAddress(id: string): string {
  return `#${encodeURIComponent(individualAnchor(id))}`;
}
