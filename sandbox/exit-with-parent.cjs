// Loaded before Azurite by `node --require`: ends it when its parent is gone (see sandbox/parent.py).
const end = () => process.exit(0);
process.stdin.on("end", end);
process.stdin.on("error", end);
process.stdin.resume();
// Azurite's own way to end waits for idle connections; nothing of it has to be saved.
process.on("SIGTERM", end);
