// Keeps a page's clocks running, and says when there is something new to see.
const root = document.documentElement;
let leaving = false;
let base = Date.parse(root.dataset.now), at = performance.now(), mark = null;

export const now = () => new Date(base + performance.now() - at);
export const set = (iso) => { base = Date.parse(iso); at = performance.now(); };

const FORMS = {
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  short: { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  date: { weekday: "long", day: "2-digit", month: "long", year: "numeric" },
  full: { weekday: "short", day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};
const FORMATS = new Map();
const written = (kind, zone) => {
  const key = `${kind} ${zone}`;
  if (!FORMATS.has(key)) FORMATS.set(key, new Intl.DateTimeFormat("en-GB", { ...FORMS[kind], timeZone: zone }));
  return FORMATS.get(key).format(now()).replace(kind === "full" ? "" : ",", "");
};
const tick = () => {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const kind = clock.dataset.clock || "full";
    const text = written(kind, clock.dataset.zone) + (kind === "full" ? " UTC" : "");
    if (clock.textContent !== text) clock.textContent = text;
  }
};

const offer = () => {
  if (leaving || document.querySelector(".fresh")) return;
  const button = document.createElement("button");
  button.className = "fresh";
  button.textContent = "Something new: show it";
  button.addEventListener("click", () => location.reload());
  document.body.append(button);
};
const busy = () => leaving || document.activeElement?.matches("input, select") || document.querySelector("details[open]");
const pulse = async () => {
  if (document.hidden) return;
  try {
    const answer = await (await fetch("/_faces/pulse", { cache: "no-store" })).json();
    if (Math.abs(Date.parse(answer.now) - now()) > 1500) set(answer.now);
    if (mark !== null && mark !== answer.mark) {
      // A page that is being read or filled in is not taken away; the index shows the world as it is.
      if (document.body.classList.contains("index") && !busy()) location.reload();
      else offer();
    }
    mark = answer.mark;
  } catch { /* the sandbox has ended or is busy: the next pulse tells */ }
};

// A form is on its way: loading the page anew would call it back. It can take seconds, and its button is not for two presses.
addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  leaving = true; document.body.classList.add("leaving");
});
addEventListener("pageshow", () => { leaving = false; document.body.classList.remove("leaving"); });

if (document.querySelector("[data-clock]")) {
  tick();
  setInterval(tick, 250);
  pulse();
  setInterval(pulse, 2500);
}
