/** Sends a command; throws an Error with the server's sentence when it is refused or fails. */
export async function command(resource, name) {
  await request(`/api/resources/${encodeURIComponent(resource)}/${name}`, { method: 'POST' });
}

export async function reveal(resource, key) {
  const response = await request(`/api/resources/${encodeURIComponent(resource)}/env/${encodeURIComponent(key)}`);
  return (await response.json()).value;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The AppHost does not answer.');
  }
  if (response.status === 401) location.reload();
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail ?? problem.title ?? `The AppHost answered ${response.status}.`);
  }
  return response;
}

const RETRY = 2000;

/**
 * Server-sent events that come back by themselves and pause while the page is hidden: a browser allows six connections
 * to one server, and forgotten tabs would hold them all.
 * @param handlers event name → function(data); onState('live' | 'lost') beside them
 * @param path function(position) → address; the position is the last event id seen, or null
 * @returns function that ends it
 */
export function follow(path, handlers, onState = () => {}) {
  let source = null;
  let position = null;
  let retry = null;
  let ended = false;

  function open() {
    clearTimeout(retry);
    if (source || ended || document.hidden) return;
    source = new EventSource(path(position));
    source.onopen = () => onState('live');
    source.onerror = lost;
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => {
        if (event.lastEventId) position = event.lastEventId;
        handle(JSON.parse(event.data));
      });
    }
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  async function lost() {
    close();
    onState('lost');
    retry = setTimeout(open, RETRY);
    // An EventSource does not say why; being signed out is the one reason that will not pass.
    const status = await fetch('/api/resources').then(response => response.status, () => 0);
    if (status === 401) location.reload();
  }

  function onVisibility() {
    if (document.hidden) close();
    else open();
  }

  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    ended = true;
    close();
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
