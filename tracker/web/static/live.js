/* The number of unread reminders, kept fresh while the page is looked at; without this it is right at each page load. */
addEventListener("DOMContentLoaded", () => {
  const badge = document.querySelector("[data-unread]");
  if (!badge || !window.EventSource) return;
  let source = null;
  let waiting = null;

  const show = (unread) => {
    badge.dataset.unread = unread;
    badge.hidden = unread === 0;
    badge.querySelector("[data-number]").textContent = unread < 100 ? unread : "99+";
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
    waiting = setTimeout(ask, 60000);
  };
  const start = () => {
    stop();
    source = new EventSource("/live");
    source.addEventListener("inbox", (event) => show(JSON.parse(event.data).unread));
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) { stop(); waiting = setTimeout(ask, 60000); }
    });
  };

  // A browser opens six connections to a house: a page that nobody looks at must not hold one.
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); else start(); });
  addEventListener("pagehide", stop);
  if (!document.hidden) start();
});
