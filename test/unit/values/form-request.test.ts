import { describe, expect, it } from 'vitest';
import type { FormRequestOptions } from '../../../src/values/form-request.ts';
import { Response } from '../../../src/values/response.ts';
import { growth } from '../../support/growth.ts';

const URL_OF_PAGE = 'http://site.test/dir/page?old=1';

function page(body: string, contentType = 'text/html; charset=utf-8'): Response {
  return new Response(URL_OF_PAGE, { headers: { 'content-type': contentType }, body });
}

/** What the form of a page sends, as text. */
function sent(html: string, options: FormRequestOptions = {}): string {
  const { method, url, body } = page(html).submitForm(options);
  return method === 'GET' ? new URL(url).search.slice(1) : Buffer.from(body ?? []).toString('latin1');
}

const form = (inside: string, attributes = ''): string => `<form action="/x" ${attributes}>${inside}</form>`;

describe('the fields of a form', () => {
  it('are those that HTML calls successful, in document order', () => {
    const inside =
      '<input name=a value=1><input name=off value=2 disabled><input value=3><input type=reset name=r value=4>' +
      '<input type=checkbox name=c><input type=checkbox name=d checked><input type=button name=b value=5>' +
      '<textarea name=t>\nline</textarea><input type=file name=f>';
    expect(sent(form(inside))).toBe('a=1&d=on&t=line&f=');
  });

  it('leave out what a fieldset disables, but for its first legend', () => {
    const inside =
      '<fieldset disabled><legend><input name=a value=1></legend><legend><input name=b value=2></legend>' +
      '<fieldset><legend><input name=c value=3></legend></fieldset></fieldset><input name=d value=4>';
    expect(sent(form(inside))).toBe('a=1&d=4');
  });

  it('of a select are what is selected, and of a single line the first that may be', () => {
    const options = '<option disabled>no<option> a  b <option value=2>c';
    expect(sent(form(`<select name=s>${options}</select>`))).toBe('s=a+b');
    expect(sent(form(`<select name=s size=4>${options}</select>`))).toBe('');
    expect(sent(form(`<select name=s>${options}<option selected>x<option selected>y</select>`))).toBe('s=y');
    expect(sent(form('<select name=s><optgroup disabled><option>a</optgroup><option>b</select>'))).toBe(
      's=b',
    );
    expect(sent(form('<select name=s multiple><option selected>1<option selected disabled>2</select>'))).toBe(
      's=1',
    );
  });

  it('of radio buttons are the last one checked', () => {
    const radio = (value: number): string => `<input type=radio name=r value=${value} checked>`;
    expect(sent(form(radio(1) + radio(2)))).toBe('r=2');
  });

  it('may stand outside of the form, or inside and belong to another', () => {
    const html = `<input name=a value=1 form=f>${form('<input name=b value=2><input name=c form=g>', 'id=f')}`;
    expect(sent(`${html}<form id=g></form>`, { formId: 'f' })).toBe('a=1&b=2');
    expect(sent(`${html}<form id=g></form>`, { formId: 'g' })).toBe('c=');
  });

  it('belong to the form that was open, however the page is nested', () => {
    const row = '<tr><td><input name=a value=1></td></tr>';
    expect(sent(`<table><form action=/x>${row}</form></table><input name=b>`)).toBe('a=1');
    expect(sent('<div><form action=/x></div><input name=a value=1></form><input name=b>')).toBe('a=1');
  });

  it('are sent with line ends as CR LF', () => {
    expect(sent(form('<textarea name=t>a\nb</textarea>'), { formData: { u: 'c\nd' } })).toBe(
      't=a%0D%0Ab&u=c%0D%0Ad',
    );
  });

  it('name the encoding where the page asks for it', () => {
    const inside = '<input type=hidden name=_charset_><input name=a value=é>';
    expect(sent(form(inside, 'accept-charset="nonsense iso-8859-2 utf-8"'))).toBe(
      '_charset_=iso-8859-2&a=%E9',
    );
  });

  it('that the encoding lacks go as their number', () => {
    expect(sent(form('<input name=a value=€>', 'accept-charset=iso-8859-2'))).toBe('a=%26%238364%3B');
  });

  it('may bear any name', () => {
    const inside = '<input name=__proto__ value=1><input name=constructor value=2>';
    expect(sent(form(inside), { formData: { constructor: 3 } as never })).toBe('__proto__=1&constructor=3');
  });
});

describe('values laid over a form', () => {
  const inside = '<input name=a value=1><input name=b value=2><input name=a value=3>';

  it('keep the place of the field, and come last where there is none', () => {
    expect(sent(form(inside), { formData: { z: true, a: 'x y' } })).toBe('a=x+y&b=2&z=true');
  });

  it('repeat their name for a list, drop it for null and leave it for undefined', () => {
    expect(sent(form(inside), { formData: { a: [7, 8], b: null } })).toBe('a=7&a=8');
    expect(sent(form(inside), { formData: { a: undefined } })).toBe('a=1&b=2&a=3');
  });

  it('may be pairs', () => {
    const formData = new URLSearchParams('b=5&c=6&b=7');
    expect(sent(form(inside), { formData })).toBe('a=1&b=5&b=7&a=3&c=6');
  });
});

describe('the button of a form', () => {
  const buttons =
    '<button name=no value=0 disabled></button><button type=button name=js></button>' +
    '<input type=submit name=save value=Save><button name=save value=Draft class=d>D</button>' +
    '<input type=image name=map>';

  it('is the first that is not disabled', () => {
    expect(sent(form(buttons))).toBe('save=Save');
    expect(sent(form(buttons), { click: false })).toBe('');
  });

  it('is chosen by its value, its place or a query', () => {
    expect(sent(form(buttons), { click: { value: 'Draft' } })).toBe('save=Draft');
    expect(sent(form(buttons), { click: { index: 2 } })).toBe('save=Draft');
    expect(sent(form(buttons), { click: { css: 'button.d' } })).toBe('save=Draft');
    expect(sent(form(buttons), { click: { nr: 3 } })).toBe('save=Draft');
  });

  it('that is an image says where it was clicked', () => {
    expect(sent(form(buttons), { click: { name: 'map', x: 3, y: 4 } })).toBe('map.x=3&map.y=4');
  });

  it('may say where and how the form is sent', () => {
    const html = form('<button formaction=/y formmethod=post formenctype=text/plain name=a value=1>');
    const request = page(html).submitForm();
    expect([request.method, request.url]).toEqual(['POST', 'http://site.test/y']);
    expect(request.headers.get('content-type')).toBe('text/plain');
    expect(Buffer.from(request.body ?? []).toString()).toBe('a=1\r\n');
  });

  it('that is not there, or not the only one, is an error that names what is there', () => {
    const submit = (click: FormRequestOptions['click']) => () => sent(form(buttons), { click: click ?? {} });
    expect(submit({ name: 'go' })).toThrow('button 1 name="save" value="Save"');
    expect(submit({ name: 'go' })).toThrow(
      expect.objectContaining({ code: 'ERR_CRAWL_FORM', problem: 'no-button' }),
    );
    expect(submit({ name: 'save' })).toThrow(expect.objectContaining({ problem: 'several-buttons' }));
  });
});

describe('the form', () => {
  const html = `${form('<input name=a>', 'id=one')}${form('<p><input name=b></p>', 'name=two class=x')}`;

  it('is chosen by name, id, number, CSS, XPath or as it was found', () => {
    expect(sent(html)).toBe('a=');
    const choices: FormRequestOptions[] = [
      { formName: 'two' },
      { formNumber: 1 },
      { formCss: '.x' },
      { formCss: 'p' },
      { formXpath: '//input[@name="b"]' },
    ];
    expect(choices.map((choice) => sent(html, choice))).toEqual(Array(5).fill('b='));
    const response = page(html);
    expect(response.css('form').map((one) => response.submitForm({ form: one }).url)).toEqual([
      'http://site.test/x?a=',
      'http://site.test/x?b=',
    ]);
  });

  it('that is not there is an error that names those that are', () => {
    const refused = expect.objectContaining({ code: 'ERR_CRAWL_FORM', problem: 'no-form' });
    expect(() => sent(html, { formName: 'nope' })).toThrow(refused);
    expect(() => sent(html, { formCss: '.nope' })).toThrow('form 1 name="two" action="/x"');
    expect(() => sent(html, { formNumber: 2 })).toThrow(refused);
    expect(() => sent('<p>')).toThrow('the page has none');
    expect(() => page('{}', 'application/json').submitForm()).toThrow('JSON has no forms');
  });

  it('is taken by number where the name finds none and both are given', () => {
    expect(sent(html, { formName: 'nope', formNumber: 1 })).toBe('b=');
  });
});

describe('where a form goes', () => {
  const to = (body: string, options: FormRequestOptions = {}): string => page(body).submitForm(options).url;

  it('is resolved against the base, and without an action is the page itself', () => {
    expect(to('<base href="/b/"><form action=x>')).toBe('http://site.test/b/x');
    expect(to('<base href="/b/"><form>')).toBe('http://site.test/dir/page');
    expect(to('<form action="/x?gone=1#part"><input name=a>')).toBe('http://site.test/x?a=#part');
    expect(to('<form action="/x?kept=1" method=post>')).toBe('http://site.test/x?kept=1');
  });

  it('is http or https', () => {
    for (const action of ['javascript:go()', 'mailto:a@b.test', 'file:///etc/passwd', 'http://[bad']) {
      expect(() => to(`<form action="${action}">`)).toThrow(expect.objectContaining({ problem: 'action' }));
    }
  });

  it('is nowhere for a dialog, unless a method is given', () => {
    expect(() => to('<form method=dialog>')).toThrow(expect.objectContaining({ problem: 'method' }));
    expect(to('<form method=dialog action=/x>', { method: 'get' })).toBe('http://site.test/x');
  });

  it('takes nothing of the request of the page along', () => {
    const request = page('').request.replace({
      headers: { Authorization: 'Basic x', Cookie: 'a=1' },
      cookies: { b: '2' },
      meta: { httpUser: 'u', httpPass: 'p', proxy: 'http://proxy.test' },
    });
    const body = '<form action="http://other.test/" method=post>';
    const sentOn = page(body).replace({ request }).submitForm();
    expect([sentOn.url, sentOn.cookies, { ...sentOn.meta }]).toEqual(['http://other.test/', undefined, {}]);
    expect([...sentOn.headers.keys()]).toEqual(['content-type']);
  });
});

describe('a form of many parts', () => {
  const html = form(
    '<input name="q&quot;" value="é\n"><input type=file name=f>',
    'method=post enctype=multipart/form-data',
  );
  const parse = (options: FormRequestOptions = {}): Promise<FormData> => {
    const { body, headers } = page(html).submitForm(options);
    return new globalThis.Response(Buffer.from(body ?? []), { headers: [...headers] }).formData();
  };

  it('is written so that others read it', async () => {
    const fields = await parse({ formData: { t: 'two\nlines' } });
    expect([...fields.keys()]).toEqual(['q"', 'f', 't']);
    expect([fields.get('q"'), fields.get('t')]).toEqual(['é', 'two\r\nlines']);
    expect(fields.get('f')).toMatchObject({ name: '', size: 0 });
  });

  it('sends files', async () => {
    const content = new Uint8Array([0, 13, 10, 255]);
    const fields = await parse({ formData: { f: { fileName: 'a"b.bin', content, contentType: 'image/x' } } });
    const file = fields.get('f') as File;
    expect([file.name, file.type]).toEqual(['a"b.bin', 'image/x']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
  });

  it.each([
    ['formname', 'formName'],
    ['clickdata', 'click'],
    ['dont_click', 'click: false'],
  ])('has no option %s: it is %s here', (name, ours) => {
    expect(() => page(html).submitForm({ [name]: 'a' } as never)).toThrow(
      `a form has no option "${name}": did you mean ${ours}?`,
    );
  });

  it('is the same request when it is made again', () => {
    const bodies = [1, 2].map(() => page(html).submitForm().body);
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it('is read in linear time, whatever blanks a value holds', () => {
    const mail = (size: number) => form(`<input type=email name=m value=" a${' '.repeat(size)}b ">`);
    expect(sent(mail(2))).toBe('m=a++b');
    expect(growth((size) => sent(mail(size)))).toBeLessThan(24);
  });

  it('takes any number of values of one name', () => {
    const formData = { n: Array.from({ length: 200_000 }, () => '') };
    expect(sent(form(''), { formData })).toHaveLength(599_999);
  });
});
