// Requests to the server: JSON around server-rendered HTML. `ask` throws where there was no answer.

const PATIENCE = 20000;

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

const posted = (fields) => ({
  method: "POST",
  body: new URLSearchParams(fields),
  headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
});

/** `{status, body}`; fields are pairs of name and value, and make it a POST. */
export async function ask(url, fields) {
  const options = fields ? posted(fields) : { headers: { Accept: "application/json" } };
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return { status: response.status, body: isJson ? await response.json() : null };
}

/** Sends without waiting, also while the page goes away (a beacon with headers). */
export function leave(url, fields) {
  fetch(url, { ...posted(fields), keepalive: true }).catch(() => {});
}

/**
 * Whether the same request may succeed later: no answer, an overloaded or broken server, a session to renew. A page in
 * the place of our JSON is somebody's between here and the server, but what that refuses for good is refused.
 */
export function mayPass(answer) {
  if (!answer || answer.status >= 500 || [401, 408, 429].includes(answer.status)) return true;
  return !answer.body && (answer.status < 400 || answer.status === 403);
}
