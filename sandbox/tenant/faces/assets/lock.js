// The lock screen of one device: boot → lock → welcome → desktop. What is true is asked of the tenant each time.
import { now, set } from "/_faces/live.js";

const at = (id) => document.getElementById(id);
const screen = at("screen"), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const address = `/_faces/devices/${screen.dataset.device}`;
const BOOT = calm ? 300 : 2200;
let device = null, kind = "key", step = "user", user = "";

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const ask = async (act = "", body) => {
  const options = body ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  return (await fetch(address + act, { cache: "no-store", ...options })).json();
};

const go = (state) => {
  screen.dataset.state = state;
  at("welcome").inert = state !== "welcome";
  at("desktop").inert = state !== "desktop";
  at("cover").inert = state !== "lock";
  if (state === "desktop") at("hello").focus({ preventScroll: true });
  if (state === "lock") { choose("key"); fold(true); at("password").reset(); at("said").textContent = ""; }
};

const say = (text, good = false) => { const note = at("note"); if (note.textContent !== text) note.textContent = text; note.classList.toggle("good", good); };
const learn = (shown) => {
  device = shown;
  set(shown.now);
  at("by-globe").hidden = !shown.globe;
  if (!shown.globe && kind === "globe") choose("key");
  for (const icon of screen.querySelectorAll(".net")) icon.toggleAttribute("hidden", !shown.online);
  for (const icon of screen.querySelectorAll(".nonet")) icon.toggleAttribute("hidden", shown.online);
  say(shown.globe ? "The globe is there: the Web sign-in profile reaches this device." : `No globe: ${shown.missing.reason} – ${shown.missing.detail}.`, shown.globe);
  if (shown.session) {
    at("hello").textContent = `Welcome, ${shown.session.name}`;
    at("here").textContent = shown.name;
  }
};

const clock = () => {
  if (!device) return;
  const told = (options) => new Intl.DateTimeFormat(device.locale, { timeZone: device.zone, ...options });
  const parts = told({ hour: "numeric", minute: "2-digit" }).formatToParts(now());
  const time = parts.filter((part) => part.type !== "dayPeriod").map((part) => part.value).join("").trim();
  const texts = {
    time, date: told({ weekday: "long", day: "numeric", month: "long" }).format(now()),
    "tray-time": `${told({ hour: "numeric", minute: "2-digit" }).format(now())}\n${told({ dateStyle: "short" }).format(now())}`,
  };
  for (const [id, text] of Object.entries(texts)) if (at(id).textContent !== text) at(id).textContent = text;
};

const boot = async (words) => {
  at("booting").textContent = words;
  go("boot");
  await wait(BOOT);
  go("lock");
};
const restart = async () => {
  at("dialog").close();
  learn(await ask("/restart", {}));
  await boot("Restarting");
};

const choose = (wanted) => {
  kind = wanted;
  for (const name of ["key", "pin", "globe"]) at(`by-${name}`).setAttribute("aria-pressed", String(name === wanted));
  at("password").hidden = wanted === "globe";
  at("web").hidden = wanted !== "globe";
  at("name").hidden = wanted === "pin";
  at("secret").placeholder = wanted === "pin" ? "PIN" : "Password";
  at("said").textContent = "";
};
const fold = (away) => {
  at("kinds").hidden = away;
  at("options").setAttribute("aria-expanded", String(!away));
};

const question = (wanted, fault = "", exact = "") => {
  step = wanted;
  const closed = wanted === "closed", passing = wanted === "pass";
  at("whom").hidden = !passing;
  at("whom").textContent = user;
  at("dialog-title").textContent = closed ? "You can’t sign in this way" : passing ? "Enter Temporary Access Pass" : "Sign in";
  at("ask-label").textContent = passing ? "Temporary Access Pass" : "User name, as in someone@larkspur.example";
  at("ask-label").hidden = at("answer").hidden = closed;
  at("answer").value = passing ? "" : user;
  at("answer").type = passing ? "password" : "email";
  at("ask").noValidate = true;
  at("next").textContent = closed ? "Close" : passing ? "Sign in" : "Next";
  at("fault").textContent = fault;
  at("fault").hidden = !fault;
  at("exact").textContent = exact && `Sandbox: ${exact}`;
  at("exact").hidden = !exact;
  if (!at("dialog").open) at("dialog").showModal();
  (closed ? at("next") : at("answer")).focus();
};
const answered = async () => {
  const given = at("answer").value.trim();
  if (step === "closed") return at("dialog").close();
  if (step === "user") {
    user = given;
    return question(user ? "pass" : "user", user ? "" : "Enter your user name.");
  }
  if (!given) return question("pass", "Enter your Temporary Access Pass.");
  const verdict = await ask("/sign-in", { user, pass: given });
  if (!verdict.signedIn) return question(verdict.step, verdict.words, `${verdict.reason} – ${verdict.detail}`);
  at("answer").value = user = "";
  at("dialog").close();
  learn(verdict);
  go("desktop");
};

at("cover").addEventListener("click", () => { go("welcome"); at("name").focus({ preventScroll: true }); });
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && screen.dataset.state === "welcome" && !at("dialog").open) go("lock");
  if (screen.dataset.state !== "lock" || event.target.closest(".controls") || event.ctrlKey || event.altKey || event.metaKey || event.key === "Tab" || event.key === "Shift") return;
  event.preventDefault();
  at("cover").click();
});
at("options").addEventListener("click", () => fold(!at("kinds").hidden));
for (const name of ["key", "pin", "globe"]) at(`by-${name}`).addEventListener("click", () => choose(name));
at("password").addEventListener("submit", (event) => {
  event.preventDefault();
  at("secret").value = "";
  at("said").textContent = kind === "pin" ? "There is no PIN on this device yet." : "The user name or password is incorrect. Try again. (Nobody here has a password.)";
});
at("web").addEventListener("submit", (event) => {
  event.preventDefault();
  if (device.online) return question("user");
  question("closed", "You’ll need the Internet for this. It doesn’t look like you’re connected.", "no-internet – the device is offline");
});
at("ask").addEventListener("submit", (event) => { event.preventDefault(); answered(); });
at("whom").addEventListener("click", () => question("user"));
at("close").addEventListener("click", () => at("dialog").close());
for (const id of ["restart", "power", "again"]) at(id).addEventListener("click", restart);
at("device").addEventListener("change", () => at("picker").submit());
at("choose").hidden = true;

const look = async () => {
  if (document.hidden) return;
  try {
    learn(await ask());
    if (!device.session && screen.dataset.state === "desktop") { go("lock"); say("The session ended, as its pass did."); }
  } catch { say("The sandbox does not answer."); }
};
learn(await ask());
clock();
setInterval(clock, 250);
setInterval(look, 3000);
if (device.session) go("desktop"); else await boot("Starting");
