// Keeps parts of a page fresh, by the few attributes of htmx that ours use: hx-get, hx-select, hx-target, hx-swap="outerHTML",
// and hx-trigger="every 4s" (without it a link fetches when it is followed). Without this file every link and page works.

const clocks = new WeakMap();

function secondsOf(element) {
  return Number(/^every (\d+)s$/.exec(element.getAttribute("hx-trigger"))?.[1] ?? 0);
}

// Everything in the part that asks by itself begins to; what is no longer on the page stops.
function setUp(part) {
  for (const each of [part, ...part.querySelectorAll("[hx-trigger]")]) {
    if (!each.matches("[hx-get]") || clocks.has(each) || !secondsOf(each)) continue;
    clocks.set(each, setInterval(() => {
      if (each.isConnected) ask(each);
      else clearInterval(clocks.get(each));
    }, secondsOf(each) * 1000));
  }
}

async function ask(element) {
  const asks = new CustomEvent("htmx:beforeRequest", { bubbles: true, cancelable: true, detail: { elt: element } });
  if (document.hidden || element.dataset.asking || !element.dispatchEvent(asks)) return;
  element.dataset.asking = "yes";
  try {
    const answer = await fetch(element.getAttribute("hx-get"), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) return location.assign(elsewhere);
    if (answer.ok) put(element, await answer.text());
  } catch {
    // The next time asks again; a link still leads to its page.
  } finally {
    delete element.dataset.asking;
  }
}

function put(element, html) {
  const wanted = element.getAttribute("hx-target");
  const old = wanted && wanted !== "this" ? document.querySelector(wanted) : element;
  const page = new DOMParser().parseFromString(html, "text/html");
  const chosen = element.getAttribute("hx-select");
  const fresh = chosen ? page.querySelector(chosen) : page.body.firstElementChild;
  if (!old?.isConnected || !fresh) return;
  delete element.dataset.asking;
  if (fresh.outerHTML === old.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  setUp(fresh);
  fresh.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true, detail: { elt: fresh } }));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hx-get]:not([hx-trigger])");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const wanted = link.getAttribute("hx-get");
  if (wanted.startsWith("?")) link.setAttribute("hx-get", location.pathname + wanted);
  ask(link);
});

setUp(document.body);
