/* The number of unread reminders and what colleagues log, kept fresh while the page is looked at; without this both are
   right at each page load. */
addEventListener("DOMContentLoaded", () => {
  const badge = document.querySelector("[data-unread]");
  if (!badge || !window.EventSource) return;
  const log = document.querySelector("[data-log]");
  const lines = log && log.querySelector("[data-position]");
  let source = null;
  let waiting = null;
  let busy = false;
  let again = false;

  const show = (unread) => {
    badge.dataset.unread = unread;
    badge.hidden = unread === 0;
    badge.querySelector("[data-number]").textContent = unread < 100 ? unread : "99+";
  };
  // What colleagues log slides in. The list knows up to where it tells, so that nothing is missed or told twice.
  const tell = async () => {
    again = true;
    if (!lines || busy) return;
    busy = true;
    while (again) {
      again = false;
      await new Promise((done) => setTimeout(done, 200));
      await fetch(`${log.dataset.log}?after=${lines.dataset.position}`).then(take).catch(() => null);
    }
    busy = false;
  };
  const take = async (reply) => {
    if (!reply.ok || reply.redirected) return;
    const told = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-position]");
    const fresh = [...told.children];
    for (const line of fresh) line.classList.add("new");
    lines.dataset.position = told.dataset.position;
    lines.prepend(...fresh);
    while (lines.children.length > log.dataset.most) lines.lastElementChild.remove();
    if (fresh.length) document.querySelector("[data-log-empty]").hidden = true;
  };
  const stop = () => {
    clearTimeout(waiting);
    if (source) source.close();
    source = null;
  };
  // Where too many watch already, ask once a minute instead.
  const ask = async () => {
    const reply = await fetch("/inbox/unread", { headers: { Accept: "application/json" } }).catch(() => null);
    if (reply && reply.ok && !reply.redirected) show((await reply.json()).unread);
    tell();
    waiting = setTimeout(ask, 60000);
  };
  const start = () => {
    stop();
    source = new EventSource(lines ? `/live?after=${lines.dataset.position}` : "/live");
    source.addEventListener("log", tell);
    source.addEventListener("inbox", (event) => show(JSON.parse(event.data).unread));
    source.addEventListener("report", (event) => dispatchEvent(new CustomEvent("tracker:report", { detail: JSON.parse(event.data) })));
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) { stop(); waiting = setTimeout(ask, 60000); }
    });
  };

  // A browser opens six connections to a house: a page that nobody looks at must not hold one.
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else start(); });
  addEventListener("pagehide", stop);
  if (!document.hidden) start();
});
