// Loaded before Azurite by `node --require`: ends it when its parent is gone (see sandbox/parent.py).
const end = () => process.exit(0);
process.stdin.on("end", end);
process.stdin.on("error", end);
process.stdin.resume();
// Azurite's own way to end waits for idle connections.
if (process.argv.includes("--inMemoryPersistence")) {
  process.on("SIGTERM", end); // nothing has to be saved
} else {
  const { Server } = require("https");
  const close = Server.prototype.close;
  Server.prototype.close = function (...rest) {
    const closed = close.apply(this, rest);
    this.closeAllConnections();
    return closed;
  };
  process.on("SIGTERM", () => process.stdin.unref());
}
