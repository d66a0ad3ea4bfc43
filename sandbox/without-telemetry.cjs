// Loaded before Azurite by `node --require`: leaves out the SDK of its telemetry, which `--disableTelemetry` leaves
// unused but loaded, and loading it is more than half of what Azurite's start costs.
const Module = require("node:module");
const load = Module._load;
Module._load = function (name, ...more) {
  return name === "applicationinsights" ? {} : load.call(this, name, ...more);
};
