// The newest snapshot of each resource, by display name, in the order of the AppHost.

const resources = new Map();
const listeners = new Set();
let loaded = false;

export const all = () => [...resources.values()];
export const find = displayName => resources.get(displayName);
export const named = name => all().filter(resource => resource.name === name);
export const isLoaded = () => loaded;

export function replaceAll(snapshots) {
  resources.clear();
  loaded = true;
  update(snapshots);
}

export function update(snapshots) {
  for (const snapshot of snapshots) resources.set(snapshot.displayName, snapshot);
  for (const listener of listeners) listener();
}

/** @returns function that ends it */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
