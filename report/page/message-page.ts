// A page that only says something.
import { markup, type Markup } from '../markup.ts';
import { liveState } from './header-section.ts';

/** What differs from page to page. */
export interface PageContent {
  readonly title: string;
  readonly body: Markup;
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
