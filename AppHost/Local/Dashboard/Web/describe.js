// How a resource is told to people: pure functions of what the API says.

const WORDS = {
  NotStarted: 'Not started', Waiting: 'Waiting', Starting: 'Starting', Running: 'Running', Stopping: 'Stopping',
  Exited: 'Exited', Finished: 'Finished', FailedToStart: 'Failed to start', RuntimeUnhealthy: 'Runtime unhealthy',
};
const TYPES = { ConnectionString: 'Connection string' };
const PROCESSES = new Set(['Container', 'Project', 'Executable']);
const ALIVE = new Set(['Running', 'Stopping', 'RuntimeUnhealthy']);

export const hasProcess = resource => PROCESSES.has(resource.type);
export const isValue = resource => resource.type === 'Parameter' || resource.type === 'ConnectionString';
export const isAlive = resource => ALIVE.has(resource.state);
export const typeWord = resource => TYPES[resource.type] ?? resource.type;

export function stateWord(resource) {
  const word = WORDS[resource.state] ?? resource.state;
  return resource.state === 'Exited' && resource.exitCode !== null ? `${word} (${resource.exitCode})` : word;
}

export function hasFailed(resource) {
  return resource.state === 'FailedToStart' || resource.state === 'RuntimeUnhealthy'
    || ((resource.state === 'Exited' || resource.state === 'Finished') && (resource.exitCode ?? 0) !== 0);
}

/** good, busy, wait, bad, warn, off: the colour of the dot. */
export function tone(resource) {
  if (hasFailed(resource)) return 'bad';
  switch (resource.state) {
    case 'Running': return resource.health === 'Unhealthy' ? 'warn' : 'good';
    case 'Starting': case 'Stopping': return 'busy';
    case 'Waiting': return 'wait';
    case 'Finished': return 'done';
    default: return 'off';
  }
}

export const healthTone = resource => ({ Healthy: 'good', Unhealthy: 'bad' })[resource.health] ?? 'off';

/** What to say under the state. */
export function stateNote(resource) {
  const notes = [];
  if (resource.stateReason) notes.push(resource.stateReason);
  if (resource.restarts > 0) notes.push(resource.restarts === 1 ? 'restarted once' : `restarted ${resource.restarts} times`);
  return notes.join(' · ');
}

export function since(startedAt, now = Date.now()) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(startedAt)) / 1000));
  const pad = number => String(number).padStart(2, '0');
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)}h ${pad(Math.floor(seconds / 60) % 60)}m`;
  return `${Math.floor(seconds / 86400)}d ${Math.floor(seconds / 3600) % 24}h`;
}

/** One line over all: how many are in which condition, what needs attention first. */
export function summary(resources) {
  const counted = resources.filter(resource => !isValue(resource));
  const count = test => counted.filter(test).length;
  const parts = [
    ['bad', count(hasFailed), 'failed'],
    ['warn', count(r => !hasFailed(r) && r.health === 'Unhealthy' && isAlive(r)), 'unhealthy'],
    ['wait', count(r => r.state === 'Waiting'), 'waiting'],
    ['busy', count(r => r.state === 'Starting' || r.state === 'Stopping'), 'on the way'],
    ['good', count(r => r.state === 'Running' && r.health !== 'Unhealthy'), 'running'],
    ['done', count(r => r.state === 'Finished' && !hasFailed(r)), 'finished'],
    ['off', count(r => r.state === 'NotStarted' || (r.state === 'Exited' && !hasFailed(r))), 'not running'],
  ];
  return parts.filter(([, number]) => number > 0);
}

/** Children below their parents, otherwise in the order of the AppHost; with the depth of each. */
export function arrange(resources) {
  const names = new Set(resources.map(resource => resource.name));
  const rows = new Map();
  const place = (resource, depth) => {
    if (rows.has(resource)) return;
    rows.set(resource, { resource, depth });
    for (const child of resources) if (child.parent === resource.name) place(child, depth + 1);
  };
  for (const resource of resources) if (!names.has(resource.parent)) place(resource, 0);
  for (const resource of resources) place(resource, 0); // those whose parents go round in a circle
  return [...rows.values()];
}
