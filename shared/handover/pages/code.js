"use strict";
(() => {
  const path = location.pathname;
  const PATIENCE = 20_000;

  const show = (name) => {
    for (const screen of document.querySelectorAll("[data-screen]")) screen.hidden = screen.dataset.screen !== name;
    document.querySelector(`[data-screen="${name}"] h1`).focus({ preventScroll: true });
  };
  const ask = (body) => fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const STATES = ["locked", "not-locked", "on-its-way", "spent", "over"];
  const tell = async (body) => {
    show("wait");
    try {
      const answer = await ask(body);
      if (answer.status === 401) return show("sign-in");
      if (answer.status === 403 || answer.status === 429) return show("refused");
      const { state } = await answer.json();
      return show(STATES.includes(state) ? state : "offline");
    } catch {
      return show("offline");
    }
  };
  const acts = {
    look() { tell({}); },
    fresh() { tell({ fresh: true }); },
    signIn() { location.assign(`/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(path)}`); },
    signOut() { location.assign(`/.auth/logout?post_logout_redirect_uri=${encodeURIComponent(path)}`); },
  };
  document.addEventListener("click", (event) => {
    const act = acts[event.target.closest?.("[data-act]")?.dataset.act];
    if (act) act();
  });
  tell({});
})();
