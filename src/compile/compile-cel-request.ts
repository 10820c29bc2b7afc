import type { SourceDefinition } from '../definition/definition.ts';
import { renderCelString } from './render-cel-string.ts';

const HEADERS = `{
  "Header": {"Accept": ["application/json"], "User-Agent": [state.user_agent]}.with(state.?api_token.orValue("") != "" ?
    {"Authorization": ["Bearer " + state.api_token]}
  :
    {"X-Auth-Email": [state.?auth_email.orValue("")], "X-Auth-Key": [state.?auth_key.orValue("")]}
  )
}`;

/** The expression for the address of a source's endpoint, or of one below it. */
export function compileCelAddress({ request }: SourceDefinition, below = ''): string {
  const parts = `${request.path}${below}`.split(/\{\w+\}/).map(renderCelString);
  return `state.url.trim_right("/") + ${parts.join(' + scope + ')}`.replace(/ \+ ""$/, '');
}

/** The expression that sends a request and gives the answer, or `{"error": why}` where none came, or not whole: else that ended the whole program. */
export function compileCelRequest(source: SourceDefinition, address: string): string {
  return `try(request("${source.request.method}", ${address}).with(${HEADERS}).do_request(), "error")`;
}
