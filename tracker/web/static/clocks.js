// Clocks that the server has drawn go on. Each in its own zone, as the page's language writes it.
const clocks = [...document.querySelectorAll("[data-clock]")].map((element) => [
  element,
  new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", timeZone: element.dataset.clock,
  }),
]);
const show = () => clocks.forEach(([element, format]) => { element.textContent = format.format(new Date()); });
if (clocks.length) setInterval(show, 5000);
