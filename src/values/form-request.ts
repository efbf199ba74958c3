import { FormError } from '../errors/form-error.ts';
import { normalizeEncodingLabel } from '../markup/encoding-labels.ts';
import { type FormControl, formControls } from '../markup/form-controls.ts';
import { type FormEntry, formEntries } from '../markup/form-entries.ts';
import type { Element } from '../markup/node.ts';
import type { Selector } from '../markup/selector.ts';
import { appendAll } from './append-all.ts';
import { type FormEncodingType, type FormFile, type FormPart, formBody, urlEncoded } from './form-body.ts';
import {
  type ButtonChoice,
  chooseButton,
  chooseForm,
  type FormChoice,
  type FormsOfPage,
} from './form-choice.ts';
import { HeaderMap } from './header-map.ts';
import { OptionNames } from './option-names.ts';
import { Request, type RequestOptions } from './request.ts';
import { safeUrl } from './safe-url.ts';

/** One value of a field. */
export type FormValue = string | number | boolean | FormFile;

/**
 * Fields to fill: a list sends its name several times, `null` leaves the field out, `undefined` leaves it as the
 * page has it.
 */
export type FormValues =
  | Readonly<Record<string, FormValue | readonly FormValue[] | null | undefined>>
  | Iterable<readonly [string, FormValue | readonly FormValue[] | null | undefined]>;

/** How a form of a page is sent, and all that a request may say besides its body. */
export interface FormRequestOptions<Args = unknown>
  extends FormChoice,
    Omit<RequestOptions<Args>, 'formData' | 'json' | 'body' | 'encoding'> {
  /** Values laid over those of the page. A field that the page has keeps its place, others come last. */
  readonly formData?: FormValues;
  /** The button to click; `false`: none. @defaultValue the first that is not disabled, if any */
  readonly click?: ButtonChoice | false;
  /** With GET the fields become the query, else the body. @defaultValue as the button or the form says */
  readonly method?: string;
  /** How the body is written. @defaultValue as the button or the form says */
  readonly enctype?: FormEncodingType;
  /** Where it is sent, instead of to the form's action. */
  readonly url?: string;
}

/** The page that a form is on; a `Response` is one. */
export interface FormPage {
  readonly url: string;
  readonly baseUrl: string;
  readonly encoding: string;
  readonly selector: Selector;
}

const OPTION_NAMES = new OptionNames(
  {
    form: true,
    formName: true,
    formId: true,
    formCss: true,
    formXpath: true,
    formNumber: true,
    formData: true,
    click: true,
    method: true,
    enctype: true,
    url: true,
    headers: true,
    callback: true,
    errback: true,
    cbKwargs: true,
    meta: true,
    priority: true,
    dontFilter: true,
    cookies: true,
    flags: true,
  } satisfies Record<keyof FormRequestOptions, true>,
  { clickdata: 'click', dont_click: 'click: false' },
);
const LINE_END = /\r\n|\r|\n/g;
const NO_FILE: FormFile = { fileName: '', content: '' };

/**
 * The request that a browser would send for a form of this page: by HTML's rules for forms, with values of your
 * own laid over the page's. Scrapy's `FormRequest.from_response`.
 *
 * It takes nothing of the page's request: no headers, cookies or credentials. What leaves for another site is the
 * form's fields and what the options say.
 *
 * @throws FormError when there is no such form or button, or it is sent to no http(s) address.
 * @throws NotTextError on a binary response.
 * @throws UnknownOptionError when there is no such option.
 */
export function formRequest<Args = unknown>(page: FormPage, options: FormRequestOptions<Args> = {}): Request {
  OPTION_NAMES.check('a form', options);
  const { form, formName, formId, formCss, formXpath, formNumber, ...rest } = options;
  const { formData, click, method, enctype, url, headers, ...requestOptions } = rest;
  const forms = formsOf(page, form);
  const element = chooseForm(forms, options);
  const controls = forms.controls.filter((control) => control.form === element);
  const button = click === false ? undefined : chooseButton(forms, controls, click);
  const encoding = formEncoding(element, page.encoding);
  const parts = filledParts(entriesFor(controls, button, click, encoding), formData);

  const verb = (method ?? declaredMethod(page, element, button)).toUpperCase();
  const address = actionUrl(page, url ?? button?.attribs.formaction ?? element.attribs.action, encoding);
  if (verb === 'GET') {
    address.search = urlEncoded(parts, encoding);
    return new Request(address, { ...requestOptions, ...(headers && { headers }), method: verb, encoding });
  }
  const { contentType, body } = formBody(enctype ?? declaredType(element, button), parts, encoding);
  const allHeaders = new HeaderMap(headers).setDefault('Content-Type', contentType);
  return new Request(address, { ...requestOptions, headers: allHeaders, method: verb, encoding, body });
}

function formsOf(page: FormPage, form: Selector | undefined): FormsOfPage {
  const root = page.selector;
  const document = form?.document ?? root.document;
  if (document === undefined) throw new FormError(page.url, 'no-form', 'JSON has no forms');
  return { url: page.url, root, document, controls: formControls(document) };
}

function entriesFor(
  controls: readonly FormControl[],
  button: Element | undefined,
  click: ButtonChoice | false | undefined,
  encoding: string,
): FormEntry[] {
  const { x = 0, y = 0 } = click || {};
  return formEntries(controls, button && { element: button, x, y }, encoding);
}

/** Own values over the page's: names come from the page, so they are kept in a Map. */
function filledParts(entries: readonly FormEntry[], formData: FormValues = {}): FormPart[] {
  const given = new Map<string, FormPart[]>();
  const pairs = Symbol.iterator in formData ? formData : Object.entries(formData);
  for (const [name, value] of pairs as Iterable<[string, FormValue | FormValue[] | null | undefined]>) {
    if (value === undefined) continue;
    const values = value === null ? [] : Array.isArray(value) ? value : [value];
    const parts = given.get(name) ?? [];
    for (const one of values) parts.push([withLineEnds(name), isFile(one) ? one : withLineEnds(String(one))]);
    given.set(name, parts);
  }
  const placed = new Set<string>();
  const parts = entries.flatMap(({ name, value, isFile: isEmptyFile }): FormPart[] => {
    const own = given.get(name);
    if (own === undefined) return [[withLineEnds(name), isEmptyFile ? NO_FILE : withLineEnds(value)]];
    if (placed.has(name)) return [];
    placed.add(name);
    return own;
  });
  for (const [name, own] of given) if (!placed.has(name)) appendAll(parts, own);
  return parts;
}

/** HTML sends every line end as CR LF. */
function withLineEnds(text: string): string {
  return text.replace(LINE_END, '\r\n');
}

function isFile(value: FormValue): value is FormFile {
  return typeof value === 'object';
}

/** The first encoding of `accept-charset` that is known, else the page's. Forms are never sent as UTF-16. */
function formEncoding({ attribs }: Element, pageEncoding: string): string {
  const accepted = attribs['accept-charset'];
  const labels = accepted?.split(/[\t\n\f\r ,]+/).filter((label) => label !== '');
  const known = labels?.map((label) => normalizeEncodingLabel(label)).find((name) => name !== undefined);
  const encoding = accepted === undefined ? normalizeEncodingLabel(pageEncoding) : known;
  const isReadOnly = encoding === 'replacement' || encoding?.startsWith('utf-16') === true;
  return encoding === undefined || isReadOnly ? 'utf-8' : encoding;
}

function declaredMethod(page: FormPage, form: Element, button: Element | undefined): string {
  const method = (button?.attribs.formmethod ?? form.attribs.method ?? '').toLowerCase();
  if (method === 'dialog') {
    throw new FormError(
      page.url,
      'method',
      'a form with method="dialog" is never sent: give method to send it all the same',
    );
  }
  return method === 'post' ? 'POST' : 'GET';
}

function declaredType(form: Element, button: Element | undefined): FormEncodingType {
  const type = (button?.attribs.formenctype ?? form.attribs.enctype ?? '').toLowerCase();
  return type === 'multipart/form-data' || type === 'text/plain' ? type : 'application/x-www-form-urlencoded';
}

/** An empty action is the page itself, whatever its `<base>` says. */
function actionUrl(page: FormPage, action: string | undefined, encoding: string): URL {
  const isEmpty = action === undefined || action.trim() === '';
  let url: URL;
  try {
    url = new URL(isEmpty ? page.url : safeUrl(action.trim(), { base: page.baseUrl, encoding }));
  } catch (cause) {
    throw new FormError(page.url, 'action', `the form's action ${JSON.stringify(action)} is no URL`, {
      cause,
    });
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new FormError(
    page.url,
    'action',
    `the form is sent to ${url.protocol} (${JSON.stringify(url.href.slice(0, 100))}): only http and https can be`,
  );
}
