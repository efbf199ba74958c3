import { CrawlError } from './crawl-error.ts';

/** Why a form can't be sent: it or its button is not there, several buttons fit, or it goes nowhere a crawler can. */
export type FormProblem = 'no-form' | 'no-button' | 'several-buttons' | 'method' | 'action';

/** The form of a page cannot be made into a request; the message names the forms or buttons that the page has. */
export class FormError extends CrawlError {
  readonly code = 'ERR_CRAWL_FORM';
  /** The page of the form. */
  readonly url: string;
  readonly problem: FormProblem;

  constructor(url: string, problem: FormProblem, message: string, options?: ErrorOptions) {
    super(`${url}: ${message}`, options);
    this.url = url;
    this.problem = problem;
  }
}
