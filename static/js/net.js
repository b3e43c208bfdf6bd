// Requests to the server: JSON around server-rendered HTML. `ask` throws where there was no answer.

const PATIENCE = 20000;

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** `{status, body}`; fields are pairs of name and value, and make it a POST. */
export async function ask(url, fields) {
  const headers = { Accept: "application/json" };
  const options = { headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) };
  if (fields) {
    Object.assign(options, { method: "POST", body: new URLSearchParams(fields) });
    headers["X-CSRFToken"] = csrfToken();
  }
  const response = await fetch(url, options);
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return { status: response.status, body: isJson ? await response.json() : null };
}

/** Sends without waiting, also while the page goes away. */
export function leave(url, fields) {
  navigator.sendBeacon(url, new URLSearchParams([...fields, ["csrfmiddlewaretoken", csrfToken()]]));
}

/** Whether the same request may succeed later: no answer, an overloaded or broken server, a session to renew. */
export function mayPass(answer) {
  return !answer || !answer.body || answer.status >= 500 || [401, 408, 429].includes(answer.status);
}
