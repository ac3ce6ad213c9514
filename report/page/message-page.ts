// A page that only says something.
import type { RunRecord } from '../../population/run/run-record.ts';
import { markup, type Markup } from '../markup.ts';
import { liveState } from './header-section.ts';

/** What differs from page to page. */
export interface PageContent {
  readonly title: string;
  readonly body: Markup;
}

/** A run as it is now. */
export interface LiveRun {
  readonly record: RunRecord;
  /** Whether a process writes it. */
  readonly isRunning: boolean;
}

/** In place of a report, of a run that has yet to begin or is damaged. */
export interface NoReport {
  /** For a line in a list of runs. */
  readonly state: string;
  /** For a page of its own. */
  readonly why: string;
}

/** For a served page: the script will put something else in its place once there is something. */
export function messageContent(name: string, message: string): PageContent {
  return {
    title: `neurostitch: ${name}`,
    body: markup`<header>
<h1>${name}</h1>
<p>${message}</p>
${liveState()}
</header>
<main>
</main>`,
  };
}
