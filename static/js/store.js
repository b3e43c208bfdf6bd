// What is kept on this device, per user; where the browser refuses, the page works without.

let space = "crosscheck";

export function openStore(user) {
  space = `crosscheck:${user}`;
}

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(`${space}:${name}`));
  } catch {
    return null;
  }
}

export function write(name, value) {
  try {
    localStorage.setItem(`${space}:${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: drafts still go to the server.
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(`${space}:${name}`);
  } catch {
    // Nothing was kept then.
  }
}

export function names(prefix) {
  try {
    const start = `${space}:`;
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start + prefix))
      .map((key) => key.slice(start.length));
  } catch {
    return [];
  }
}
