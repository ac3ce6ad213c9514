import { describe, expect, it } from 'vitest';
import { embeddedJson, markup } from '../../../report/markup.ts';

const hostile = `</script><img onerror="alert('x')">&`;

describe('markup', () => {
  it('escapes what is put in, within texts and attributes', () => {
    expect(markup`<p title="${hostile}">${hostile}</p>`.text).not.toMatch(/<img|onerror="|'/);
    expect(markup`<b>${'<&>"\''}</b>`.text).toBe('<b>&lt;&amp;&gt;&quot;&#39;</b>');
  });

  it('takes markup, lists and numbers as they are', () => {
    expect(markup`<ul>${[1, '<'].map((item) => markup`<li>${item}</li>`)}</ul>`.text).toBe(
      '<ul><li>1</li><li>&lt;</li></ul>',
    );
  });
});

describe('embeddedJson', () => {
  it('cannot close the script that holds it, and reads back the same', () => {
    const { text } = embeddedJson({ hostile, comment: '<!--' });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ hostile, comment: '<!--' });
  });
});
