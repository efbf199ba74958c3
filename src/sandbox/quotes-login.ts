import { type Answer, page, redirectTo, type Visit } from './answer.ts';
import { html } from './html.ts';
import { quotesLayout } from './quotes-layout.ts';
import type { Sealer } from './sealer.ts';
import { newSession, readSession, sessionCookie } from './session.ts';

const LONGEST_NAME = 100;

/** The login form, and what it is sent to: any name with any password, and the token of the visitor's session. */
export function login(visit: Visit, sealer: Sealer): Answer {
  const session = readSession(visit.cookie, sealer);
  if (visit.method !== 'POST') {
    const { token } = session ?? newSession();
    const headers = { 'set-cookie': sessionCookie({ token, user: session?.user ?? '' }, sealer) };
    return page(loginForm(token, undefined), { headers: { ...headers, 'cache-control': 'no-store' } });
  }
  const { form } = visit;
  if (session === undefined || form.get('csrf_token') !== session.token) {
    return page(loginForm(newSession().token, 'the token is not that of your session, open the form anew'), {
      status: 400,
    });
  }
  const user = (form.get('username') ?? '').replaceAll('\n', ' ').trim().slice(0, LONGEST_NAME);
  if (user === '') return page(loginForm(session.token, 'please, provide your username.'));
  if (!form.get('password')) return page(loginForm(session.token, 'please, provide your password.'));
  return redirectTo('/quotes/', 302, { 'set-cookie': sessionCookie({ ...newSession(), user }, sealer) });
}

/** Ends the session. */
export function logout(sealer: Sealer): Answer {
  return redirectTo('/quotes/', 302, { 'set-cookie': sessionCookie(undefined, sealer) });
}

function loginForm(token: string, problem: string | undefined) {
  return quotesLayout(
    '',
    html`<form action="/quotes/login" method="post" accept-charset="utf-8">
<input type="hidden" name="csrf_token" value="${token}">
${problem && html`<p class="error">Error while logging in: ${problem}</p>\n`}<p><label for="username">Username</label> <input type="text" class="form-control" id="username" name="username"></p>
<p><label for="password">Password</label> <input type="password" class="form-control" id="password" name="password"></p>
<input type="submit" value="Login" class="btn btn-primary">
</form>`,
  );
}
