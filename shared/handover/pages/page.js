"use strict";
(() => {
  const path = location.pathname;
  // Of what stands behind the path the page keeps the language alone, on the way to the sign-in and back, too.
  const asked = /^\?lang=[a-z]{2}$/.test(location.search) ? location.search : "";
  const reference = /^\/pass\/([0-9a-f]{25})$/.exec(path)?.[1] ?? "";
  const shape = /^[A-Za-z0-9_-]{43}$/;
  const fragment = /^#([A-Za-z0-9_-]{43})(\.code)?$/;
  const CODE = /^[BCDFGHJKMNPQRSTVWXZ]{8}$/;
  const PAUSES = [5, 15, 30, 60];
  const COVER_AFTER = 5 * 60_000;
  const KEEP_CLAIM = 3 * 86_400_000;
  const PATIENCE = 20_000;

  // A browser that forbids storage still gets a page that works until it is left.
  const kept = (storage, memory = new Map()) => ({
    get(name) { try { return storage().getItem(name + path) ?? memory.get(name); } catch { return memory.get(name); } },
    set(name, value) { memory.set(name, value); try { storage().setItem(name + path, value); } catch {} },
    drop(name) { memory.delete(name); try { storage().removeItem(name + path); } catch {} },
  });
  // The key outlives the way to the sign-in and back, and no more. Claim and visit open nothing without key and proof;
  // they stay in this browser, for people close the page and tap the link again. A code is never kept.
  const session = kept(() => sessionStorage);
  const local = kept(() => localStorage);

  const takeKey = () => {
    const [, found, withCode] = fragment.exec(location.hash) ?? [];
    if (location.hash) history.replaceState(null, "", path + asked);
    if (found) {
      if (found !== session.get("key")) session.drop("wrong");
      session.drop("done");
      session.set("key", found);
      session.set("by", withCode ? "hire" : "other");
    }
    document.body.dataset.by = session.get("by") ?? "other";
  };
  const byHire = () => session.get("by") === "hire";
  takeKey();

  const forgetOldClaims = () => {
    try {
      for (const name of Object.keys(localStorage).filter((each) => /^(claim|visit)\/pass\//.test(each))) {
        const age = Date.now() - Number(localStorage.getItem(name).split(".")[1]);
        if (!(age < KEEP_CLAIM)) localStorage.removeItem(name);
      }
    } catch {}
  };
  forgetOldClaims();
  const drawn = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const held = (name) => {
    const found = (local.get(name) ?? "").split(".")[0];
    return shape.test(found) ? found : undefined;
  };
  const heldOrDrawn = (name) => {
    const found = held(name) ?? drawn();
    if (!held(name)) local.set(name, `${found}.${Date.now()}`);
    return found;
  };
  const claim = () => heldOrDrawn("claim");

  const at = (id) => document.getElementById(id);
  const every = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // The page's language: its words stand in the document by their English ones, numbers and dates are the browser's.
  const LANG = document.documentElement.lang;
  const words = JSON.parse(at("words").content.textContent);
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const say = (text, values = {}) => put(words[text]?.[0] ?? text, values);
  const several = (one, many, n) => {
    const forms = words[one] ?? [one, many];
    return put(forms[{ one: 0, few: 1 }[new Intl.PluralRules(LANG).select(n)] ?? forms.length - 1], { n });
  };
  const make = (kind, text = "", look = "") => {
    const made = document.createElement(kind);
    made.textContent = text;
    if (look) made.className = look;
    return made;
  };

  // facts: the newest answer. code: the pass while it is on show. spot: which character is being read out.
  let facts = {}, code = null, spot = 0, reading = false, screen = "wait";
  let coverTimer = 0, nextTimer = 0, turn = 0, tries = 0, waitsForEyes = false, calendar = "";

  // Time: the server's, carried on by a clock that nobody can set.
  let served = Date.now(), marked = performance.now();
  const now = () => served + performance.now() - marked;
  const hear = (answer) => {
    facts = { ...facts, ...answer };
    if (Number.isFinite(Date.parse(answer.now))) { served = Date.parse(answer.now); marked = performance.now(); }
  };
  const ms = (name) => Date.parse(facts[name]);

  // Words for times
  const here = () => { try { return Intl.DateTimeFormat().resolvedOptions().timeZone; } catch { return undefined; } };
  const parts = (time, zone) => {
    const wanted = { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const written = (more) => Object.fromEntries(new Intl.DateTimeFormat("en-GB", { ...wanted, ...more }).formatToParts(time).map((part) => [part.type, part.value]));
    let read;
    try { read = written({ timeZone: zone, timeZoneName: "longOffset" }); } catch { read = written({ timeZone: "UTC", timeZoneName: "short" }); }
    const offset = read.timeZoneName.replace("GMT", "UTC");
    // Said as the mails say it: in the catalogue's words, for browsers differ in theirs.
    const day = say("{weekday} {day} {month} {year}", { ...read, weekday: say(read.weekday), month: say(read.month) });
    return { day, clock: `${read.hour}:${read.minute}`, offset };
  };
  // Which of three texts fits a time: for today, for tomorrow, or for any other day.
  const byDay = (time, zone, today, tomorrow, other) => {
    const { day, clock } = parts(time, zone);
    if (day === parts(now(), zone).day) return put(today, { clock });
    return day === parts(now() + 86_400_000, zone).day ? put(tomorrow, { clock }) : put(other, { day, clock });
  };
  const on = (day, time) => say("{day}, {time}", { day, time });
  const period = (zone) => {
    const [from, until] = [parts(ms("validFrom"), zone), parts(ms("validUntil"), zone)];
    return { from, until, hours: say("{start} to {end}", { start: from.clock, end: from.day === until.day ? until.clock : on(until.day, until.clock) }) };
  };
  const pieces = (left) => {
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const found = [["day", Math.floor(seconds / 86_400)], ["hour", Math.floor(seconds / 3600) % 24], ["minute", Math.floor(seconds / 60) % 60], ["second", seconds % 60]];
    const first = Math.max(0, Math.min(found.findIndex(([, count]) => count), 2));
    const near = found.slice(seconds < 60 ? 3 : first, first === 2 ? 4 : first + (first ? 2 : 3));
    return first || seconds < 60 ? near : near.filter(([, count]) => count);
  };
  const counted = (unit, count) => new Intl.NumberFormat(LANG, { style: "unit", unit, unitDisplay: "long" }).formatToParts(count);
  const short = {
    day: (n) => counted("day", n).map((part) => part.value).join(""), hour: (n) => say("{n} h", { n }),
    minute: (n) => say("{n} min", { n }), second: (n) => say("{n} s", { n }),
  };
  const span = (left) => pieces(left).map(([unit, count]) => short[unit](count)).join(" ");

  const hours = (box) => {
    const zone = facts.zone || "UTC";
    const theirs = period(zone), mine = period(here());
    const differ = theirs.from.clock !== mine.from.clock || theirs.from.day !== mine.from.day;
    const lines = [["when", on(theirs.from.day, theirs.hours)], ["zone", zone === "UTC" ? "UTC" : `${zone}, ${theirs.from.offset}`]];
    if (differ) lines.push(["zone", `${say("Where you are: {hours}", { hours: mine.from.day === theirs.from.day ? mine.hours : on(mine.from.day, mine.hours) })} (${mine.from.offset})`]);
    box.replaceChildren(...lines.map(([look, text]) => make("p", text, look)));
    if (!box.dataset.hours) return;
    const live = make("p", "", "live");
    live.dataset.tick = "validity";
    box.prepend(live);
  };
  const ticks = {
    opening(element) {
      const tiles = pieces(ms("opensAt") - now()).map(([unit, count]) => {
        const tile = make("span");
        const [number, ...name] = counted(unit, count).map((part) => part.value);
        tile.append(make("b", number), name.join("").trim());
        return tile;
      });
      element.replaceChildren(...tiles);
    },
    validity(element) {
      const [toStart, toEnd] = [ms("validFrom") - now(), ms("validUntil") - now()];
      const { clock } = parts(ms("validFrom"), facts.zone || "UTC");
      element.classList.toggle("now", toStart <= 0 && toEnd > 0);
      if (toStart > 0) element.textContent = say("It works from {clock}: in {span}", { clock, span: span(toStart) });
      else element.textContent = toEnd > 0 ? say("It works now: {span} left", { span: span(toEnd) }) : say("Its hours are over");
    },
    pause(element) {
      const left = pauseEnds() - Date.now();
      element.hidden = !(left > 0);
      element.textContent = say("Wait {span}, then try again.", { span: span(left) });
      at("bring").querySelector("button").disabled = left > 0;
    },
    early(element) {
      const toStart = ms("validFrom") - now();
      element.hidden = !(toStart > 0);
      const { clock } = parts(ms("validFrom"), facts.zone || "UTC");
      element.textContent = say("The pass does not work yet. The computer takes it from {clock}, in {span}.", { clock, span: span(toStart) });
    },
  };
  const tick = () => every(`[data-screen="${screen}"] [data-tick]`, (element) => {
    try { ticks[element.dataset.tick](element); } catch {}
  });

  // Words for characters: what is read out can be typed, and what is on the screen of this step copies as nothing.
  const NATO = "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu".split(" ");
  const DIGITS = [say("zero"), say("one"), say("two"), say("three"), say("four"), say("five"), say("six"), say("seven"), say("eight"), say("nine")];
  const SIGNS = {
    "!": say("exclamation mark"), '"': say("double quotation mark"), "#": say("hash, the number sign"), $: say("dollar sign"), "%": say("percent sign"), "&": say("ampersand, the “and” sign"),
    "'": say("apostrophe"), "(": say("opening round bracket"), ")": say("closing round bracket"), "*": say("asterisk, the star"), "+": say("plus sign"), ",": say("comma"), "-": say("hyphen, the minus sign"),
    ".": say("full stop, a dot"), "/": say("forward slash"), ":": say("colon"), ";": say("semicolon"), "<": say("less-than sign"), "=": say("equals sign"), ">": say("greater-than sign"), "?": say("question mark"),
    "@": say("at sign"), "[": say("opening square bracket"), "\\": say("backslash"), "]": say("closing square bracket"), "^": say("caret, a small roof"), _: say("underscore, a low line"),
    "`": say("backtick, the grave accent"), "{": say("opening curly bracket"), "|": say("vertical bar"), "}": say("closing curly bracket"), "~": say("tilde, a wave"),
  };
  const spoken = (char) => {
    if (/[A-Z]/.test(char)) return [say("capital letter"), NATO[char.charCodeAt(0) - 65]];
    if (/[a-z]/.test(char)) return [say("small letter"), NATO[char.charCodeAt(0) - 97].toLowerCase()];
    if (/[0-9]/.test(char)) return [say("digit"), DIGITS[Number(char)]];
    return [say("sign"), SIGNS[char] ?? `Unicode ${char.codePointAt(0).toString(16)}`];
  };
  const look = (char) => (/[A-Za-z]/.test(char) ? "" : /[0-9]/.test(char) ? "digit" : "mark");

  // Showing
  const texts = () => {
    const who = facts.who || say("your new colleague"), zone = facts.zone || "UTC";
    const moment = (name, by = zone) => (facts[name] ? byDay(ms(name), by, say("today at {clock}"), say("tomorrow at {clock}"), say("on {day} at {clock}")) : "");
    const openedAt = moment("openedAt");
    return {
      who, user: facts.user, openedAt, usedAt: moment("usedAt"),
      // Who comes back lives by his own clock, not by the hire's.
      opens: moment("opensAt", here()),
      elsewhere: openedAt && !facts.mine ? say("The pass was opened {openedAt}, and not in this browser. Was it not you? Tell the helpdesk now.", { openedAt }) : "",
      again: facts.againUntil
        ? say("Only you can see it again, in this browser, until {clock}.", parts(ms("againUntil"), zone))
        : say("Only you can see it again, in this browser."),
      reveal: reading ? say("Go on reading at character {place}", { place: spot + 1 }) : say("Show the pass again"),
      orAsk: facts.reissueUntil ? "" : say("Is {who} not signed in? Ask the helpdesk for a new pass.", { who }),
      anewUntil: facts.reissueUntil ? byDay(
        ms("reissueUntil"), zone, say("Until today at {clock} you can make a fresh one here. It works at once."),
        say("Until tomorrow at {clock} you can make a fresh one here. It works at once."),
        say("Until {day} at {clock} you can make a fresh one here. It works at once."),
      ) : "",
      late: now() > Math.max(ms("validFrom"), ms("opensAt") + 180_000) ? say("This takes longer than it should. If it is urgent, ask the helpdesk.") : "",
      ended: now() < ms("validUntil") ? say("It was withdrawn before its hours were over.") : say("Its hours are over."),
    };
  };
  const breakable = (address) => address.split(/(?<=@)/).flatMap((part, index) => (index ? [make("wbr"), part] : [part]));
  const fill = (more) => {
    const words = { ...texts(), ...more };
    every(`[data-screen="${screen}"] [data-fill]`, (element) => {
      const text = words[element.dataset.fill];
      if (text === undefined) return;
      element.textContent = text;
      element.hidden = !text;
      if (element.dataset.fill === "user" && text) element.replaceChildren(...breakable(text));
    });
    every(`[data-screen="${screen}"] [data-help]`, help);
    every(`[data-screen="${screen}"] [data-anew]`, (box) => { box.hidden = !facts.reissueUntil; });
    every(`[data-screen="${screen}"] [data-hours]`, (box) => { box.hidden = !facts.validFrom; if (facts.validFrom) hours(box); });
    tick();
  };
  const help = (element) => {
    if (!facts.desk) return;
    const link = make("a", facts.desk);
    link.href = `mailto:${encodeURIComponent(facts.desk).replace(/%40/g, "@")}?subject=${encodeURIComponent(say("First sign-in, reference {reference}", { reference }))}`;
    element.replaceChildren(`${say("Helpdesk:")} `, link);
  };
  const wipe = () => {
    clearTimeout(coverTimer);
    code = null;
    at("pass").replaceChildren();
    at("legend").replaceChildren();
    at("dots").replaceChildren();
    for (const name of ["kind", "glyph", "word", "place"]) every(`[data-fill="${name}"]`, (element) => { element.textContent = ""; });
  };
  const WITH_PASS = ["shown", "tell", "spell", "read"];
  const show = (name, more = {}) => {
    clearTimeout(nextTimer);
    waitsForEyes = false;
    if (!WITH_PASS.includes(name)) wipe();
    const moved = screen !== name;
    screen = name;
    fill(more);
    every("[data-screen]", (section) => { section.hidden = section.dataset.screen !== name; });
    at("foot").hidden = !reference || ["wait", "done"].includes(name);
    if (!moved) return;
    scrollTo(0, 0);
    document.querySelector(`[data-screen="${name}"] h1`).focus({ preventScroll: true });
  };
  const later = (delay, act) => {
    clearTimeout(nextTimer);
    nextTimer = setTimeout(() => { if (document.hidden) waitsForEyes = true; else act(); }, Math.min(delay, 6 * 3_600_000));
  };
  const politely = () => Math.min(20_000, 4000 * 1.4 ** tries++) * (0.9 + Math.random() / 5);

  const screens = {
    "too-early"() {
      show("too-early");
      note();
      later(ms("opensAt") - now() + 400, load);
    },
    "not-ready"() {
      show("not-ready");
      later(politely(), load);
    },
    open() { show("open"); },
    opened() {
      if (now() >= ms("validUntil")) return show("expired");
      if (!facts.mine) return show("elsewhere");
      return show(facts.againUntil ? "covered" : "over");
    },
    used() { show("used"); },
    failed() { show("failed"); },
    expired() { show("expired"); },
    cancelled() { show("cancelled"); },
  };
  const tell = () => (Object.hasOwn(screens, facts.state) ? screens[facts.state] : screens["not-ready"])();
  const failed = (fault, remedy) => {
    show("fault", { fault, remedy });
    later(politely(), load);
  };

  // Asking
  const ask = async (act, more) => {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(path + act, {
        method: "POST", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", signal: stop.signal,
        headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: session.get("key"), ...(byHire() ? { visit: heldOrDrawn("visit") } : {}), ...more }),
      });
      const type = response.headers.get("Content-Type") ?? "";
      return { status: response.status, body: type.includes("json") ? await response.json() : {} };
    } finally { clearTimeout(patience); }
  };
  const turnedAway = ({ status, body }) => {
    if (status === 401) show("sign-in");
    else if (status === 403 || status === 429) return byHire() ? askCode() : show("refused");
    else if (status === 409 && body.state) {
      if (body.state === "open") local.drop("claim");
      facts = {};
      hear(body);
      tell();
    }
    else if (status === 409) show("broken");
    else failed(say("That did not work"), say("Nothing is lost. This page tries again by itself in a moment."));
  };
  const offline = () => failed(navigator.onLine === false ? say("You are offline") : say("No answer"), say("Check the connection. Nothing is lost; this page tries again by itself."));
  const guarded = async (act, more, good) => {
    const mine = ++turn;
    let answer = null;
    try { answer = await ask(act, more); } catch {}
    if (mine !== turn) return;
    if (!answer) offline();
    else if (answer.status === 200) good(answer.body);
    else turnedAway(answer);
  };
  const withoutKey = async () => {
    const mine = ++turn;
    let signedIn = false;
    try { signedIn = (await ask("/state")).status === 403; } catch {}
    if (mine === turn) show("no-key", { signedIn: signedIn ? say("You are signed in.") : "" });
  };
  const load = async () => {
    if (session.get("done")) return show("done");
    if (!session.get("key")) return withoutKey();
    if (byHire() && !held("visit")) return askCode();
    return guarded("/state", { claim: held("claim") }, (answer) => {
      facts = {};
      hear(answer);
      if (!["not-ready"].includes(facts.state)) tries = 0;
      tell();
    });
  };
  // The pick-up code. The app answers all alike, so what is left of the tries is this tab's own count: more it cannot be.
  const wrongCodes = () => Number((session.get("wrong") ?? "0").split(".")[0]);
  const pauseEnds = () => Number((session.get("wrong") ?? "0.0").split(".")[1]);
  const askCode = (mistake = "") => {
    if (wrongCodes() > PAUSES.length) return show("locked");
    show("code", { mistake });
    return at("code").focus({ preventScroll: true });
  };
  const misfit = (typed) => {
    if (!typed) return say("Type the code that goes with the link.");
    if (/[^BCDFGHJKMNPQRSTVWXZ]/.test(typed)) return say("No code has a digit, a vowel, L or Y. Look again, or ask your manager.");
    return say("A code has eight letters; this has {n}.", { n: typed.length });
  };
  const bring = async () => {
    const typed = at("code").value.replace(/[\s\u00ad\u2010-\u2015\u2212.-]/g, "").toUpperCase();
    if (pauseEnds() > Date.now()) return undefined;
    if (!CODE.test(typed)) return askCode(misfit(typed));
    const mine = ++turn;
    let answer = null;
    try { answer = await ask("/state", { claim: held("claim"), code: typed }); } catch {}
    if (mine !== turn) return undefined;
    if (!answer) return offline();
    if (answer.status === 403 || answer.status === 429) return wrong();
    if (answer.status !== 200) return turnedAway(answer);
    at("code").value = "";
    session.drop("wrong");
    facts = {};
    hear(answer.body);
    return tell();
  };
  const wrong = () => {
    const count = wrongCodes() + 1, left = PAUSES.length + 1 - count;
    session.set("wrong", `${count}.${Date.now() + 1000 * (PAUSES[count - 1] ?? 0)}`);
    if (left) at("code").select();
    const misfits = say("Code and link do not go together. Is it the newest code, and the link of the newest mail?");
    return askCode(`${misfits} ${several("At most one try is left.", "At most {n} tries are left.", left)}`);
  };
  const reveal = () => guarded("/reveal", { claim: claim() }, (answer) => {
    const { pass, ...rest } = answer;
    hear({ ...rest, state: "opened", mine: true });
    tries = 0;
    if (document.hidden) return show("covered");
    code = pass;
    clearTimeout(coverTimer);
    coverTimer = setTimeout(cover, COVER_AFTER);
    return reading ? spell() : shown();
  });
  // The claim before opens no pass that is made anew: this browser draws another.
  const reissue = () => guarded("/reissue", {}, (answer) => {
    local.drop("claim");
    spot = 0;
    reading = false;
    facts = {};
    hear(answer);
    tries = 0;
    tell();
  });
  const done = () => guarded("/reveal", { claim: claim(), done: true }, () => {
    session.drop("key");
    session.set("done", "yes");
    show("done");
  });
  const cover = () => {
    turn += 1;
    show("covered");
  };

  // The pass
  const shown = () => {
    if (code === null) return cover();
    const groups = [];
    [...code].forEach((char, index) => {
      if (index % 4 === 0) groups.push(make("span"));
      groups.at(-1).append(look(char) ? make("span", char, look(char)) : char);
    });
    at("pass").className = code.length > 12 ? "long" : code.length > 8 ? "middle" : "";
    at("pass").replaceChildren(...groups);
    const kinds = [["", say("letters")], ["digit", say("digits")], ["mark", say("signs")]].filter(([kind]) => [...code].some((char) => look(char) === kind));
    at("legend").replaceChildren(...kinds.map(([kind, text]) => make("span", text, kind)));
    at("copied").textContent = say("Copy");
    reading = false;
    return show("shown");
  };
  const hidden = () => { at("pass").replaceChildren(); };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      getSelection().selectAllChildren(at("pass"));
      if (!document.execCommand("copy")) return announce(say("It could not be copied. Press and hold the pass."));
    }
    at("copied").textContent = say("Copied");
    setTimeout(() => { at("copied").textContent = say("Copy"); }, 3000);
    return announce(say("Copied"));
  };
  const announce = (text) => { at("say").textContent = text; };
  const spell = () => {
    if (code === null) return cover();
    reading = true;
    hidden();
    const chars = [...code];
    spot = Math.max(0, Math.min(spot, chars.length - 1));
    const [kind, word] = spoken(chars[spot]);
    show("spell", { place: say("Character {place} of {count}", { place: spot + 1, count: chars.length }), kind, word, glyph: chars[spot] });
    at("dots").replaceChildren(...chars.map((_, index) => make("i", "", index <= spot ? "on" : "")));
    at("next").textContent = spot === chars.length - 1 ? say("Done") : say("Next");
    return undefined;
  };
  const next = () => {
    if (code === null) return cover();
    if (spot < [...code].length - 1) { spot += 1; return spell(); }
    spot = 0;
    every(`[data-screen="spell"] [data-fill]`, (element) => { element.textContent = ""; });
    return show("read");
  };
  const acts = {
    load, reveal, reissue, done, copy, cover, spell, next, bring,
    signIn() { location.assign(`/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(path + asked)}`); },
    signOut() { location.assign(`/.auth/logout?post_logout_redirect_uri=${encodeURIComponent(path + asked)}`); },
    tell() { hidden(); spot = 0; show("tell"); },
    unspell() { shown(); },
    previous() { if (spot > 0) { spot -= 1; spell(); } else acts.tell(); },
    sure() { turn += 1; show("sure"); },
    anew() { show("anew"); },
    isIn() { show("is-in"); },
  };

  // The calendar entry: when to come back, and no link, for calendars are shared.
  const stamp = (time) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
  const safe = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
  // Lines of at most 75 octets (RFC 5545, 3.1), and no character cut in two.
  const folded = (line) => {
    let octets = 0;
    return [...line].map((char) => {
      const size = new TextEncoder().encode(char).length;
      const full = octets + size > 75;
      octets = full ? 1 + size : octets + size;
      return full ? `\r\n ${char}` : char;
    }).join("");
  };
  const note = () => {
    const { who } = texts(), works = period(facts.zone || "UTC");
    const how = byHire() ? say("Open the link in our mail, and have your pick-up code ready.") : say("Open the link in our mail and sign in as yourself.");
    const hours = say("The pass works {hours} ({zone}).", { hours: on(works.from.day, works.hours), zone: facts.zone });
    const lines = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Day One Pass//Hand-over//EN", "BEGIN:VEVENT", `UID:${reference || stamp(ms("opensAt"))}@day-one-pass`,
      `DTSTAMP:${stamp(now())}`, `DTSTART:${stamp(ms("opensAt"))}`, `DTEND:${stamp(Math.max(ms("validFrom"), ms("opensAt") + 900_000))}`,
      `SUMMARY:${safe(say("First sign-in of {who}: collect the pass", { who }))}`, `DESCRIPTION:${safe(`${how}\n${hours}`)}`,
      "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT0M", `DESCRIPTION:${safe(say("Collect the pass"))}`, "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ];
    if (calendar) URL.revokeObjectURL(calendar);
    calendar = URL.createObjectURL(new Blob([lines.map(folded).join("\r\n")], { type: "text/calendar" }));
    every("[data-calendar]", (element) => { element.href = calendar; });
  };

  const alone = async (act) => {
    every("button", (each) => { each.disabled = true; });
    try { await acts[act](); } finally { every("button", (each) => { each.disabled = false; }); tick(); }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button || button.disabled) return undefined;
    const act = button.dataset.act;
    return ["load", "reveal", "reissue", "done"].includes(act) ? alone(act) : acts[act]();
  });
  at("bring").addEventListener("submit", (event) => {
    event.preventDefault();
    if (screen === "code") alone("bring");
  });
  document.addEventListener("keydown", (event) => {
    if (screen === "spell" && event.key === "ArrowRight") next();
    if (screen === "spell" && event.key === "ArrowLeft") acts.previous();
  });
  document.addEventListener("copy", (event) => { if (["tell", "spell", "read"].includes(screen)) event.preventDefault(); });
  // A page that is left, put aside or hidden holds no pass; an answer that comes after that is dropped.
  const leave = () => { if (WITH_PASS.includes(screen)) cover(); };
  addEventListener("pagehide", leave);
  document.addEventListener("freeze", leave);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (waitsForEyes || ["too-early", "open"].includes(screen)) load();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) load(); });
  addEventListener("online", () => { if (screen === "fault") load(); });
  addEventListener("hashchange", () => { takeKey(); load(); });
  setInterval(tick, 1000);
  at("reference").textContent = reference;
  load();
})();
