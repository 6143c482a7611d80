// Keeps what a call taker writes within three seconds, counts the time up, and asks again for what was heard and found.

const form = document.querySelector("form[data-call]");
const get = (id) => document.getElementById(id);

// Time counts up, calmly; a button that waits for a minute says how long it still is only by the time beside it.
function tick() {
  for (const each of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(each.dataset.since)) / 1000));
    each.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
if (document.querySelector("[data-since]")) {
  tick();
  setInterval(tick, 1000);
}

if (form) {
  const fields = [...form.elements].filter((each) => each.name && each.type !== "submit" && each.type !== "hidden");
  const store = `call-${form.dataset.call}`;
  const notes = get("text");
  let changes = 0, keptUpTo = 0, turn = 0, timer = 0, firstAt = 0, running = null, isPaused = "paused" in form.dataset;

  const body = () => {
    form.elements.turn.value = ++turn;
    return new URLSearchParams(new FormData(form));
  };

  // A page that is left may still send 64 KiB, and refuses to send more than that so: long notes go as any other form.
  function post() {
    const typed = body();
    return fetch(`${form.action}/kept`, { method: "POST", body: typed, keepalive: String(typed).length < 60_000 });
  }

  // What could not be kept outlives this tab's page, and nothing else.
  function remember() {
    const words = fields.map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]);
    words.push(["version", form.elements.version.value]);
    sessionStorage.setItem(store, JSON.stringify(Object.fromEntries(words)));
  }

  function trouble(words) {
    if (get("trouble").textContent !== words) get("trouble").textContent = words;
    if (words) remember();
    else sessionStorage.removeItem(store);
  }

  function shown(told) {
    get("kept").textContent = `${form.dataset.kept} ${told.at}`;
    if (told.version > 0) {
      get("reference-told").hidden = false;
      get("reference-waits")?.remove();
    }
    if (get("back-fold").open) again(get("back"), get("back-fold").dataset.from);
    alike(told.alike);
  }

  // What may be about the same comes with each save; a choice that is being made, or is not kept yet, is left alone.
  const strip = get("alike");
  strip.addEventListener("input", changed);
  function alike(piece) {
    if (piece === null || piece === strip.dataset.last || keptUpTo !== changes || strip.contains(document.activeElement)) return;
    strip.innerHTML = piece;
    strip.dataset.last = piece;
  }

  async function send() {
    const upTo = changes;
    firstAt = 0;
    try {
      const answer = await post();
      if (answer.status === 200) {
        const told = await answer.json();
        form.elements.version.value = told.version;
        keptUpTo = Math.max(keptUpTo, upTo);
        trouble("");
        shown(told);
        return true;
      }
      if (answer.status === 409) {
        isPaused = true;
        form.requestSubmit(document.querySelector("button[form=call][value=save]"));
        return false;
      }
      trouble(answer.status === 403 ? form.dataset.out : form.dataset.again);
    } catch {
      trouble(form.dataset.again);
    }
    later(4000);
    return false;
  }

  async function keep() {
    clearTimeout(timer);
    while (running) await running;
    if (isPaused || keptUpTo === changes) return !isPaused;
    running = send();
    try {
      return await running;
    } finally {
      running = null;
    }
  }

  function later(wait) {
    clearTimeout(timer);
    if (!isPaused) timer = setTimeout(keep, wait);
  }

  function changed(event) {
    if (event?.target.closest?.("[data-prompt]") && event.target.type !== "checkbox" && event.target.value) {
      event.target.closest("[data-prompt]").querySelector("[type=checkbox]").checked = true;
    }
    changes += 1;
    firstAt ||= Date.now();
    later(Math.max(0, Math.min(1000, firstAt + 2000 - Date.now())));
  }

  for (const each of fields) {
    each.addEventListener("input", changed);
    each.addEventListener("blur", () => { if (keptUpTo !== changes) keep(); });
  }
  const leave = () => {
    if (isPaused || keptUpTo === changes) return;
    post().catch(remember);
  };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });

  // Whoever listens for long is still there: said once a minute, so that the call is not taken for one left alone.
  let seenAt = Date.now();
  for (const sign of ["keydown", "pointermove", "scroll"]) addEventListener(sign, () => { seenAt = Date.now(); }, { passive: true });
  setInterval(async () => {
    const isThere = !document.hidden && Date.now() - seenAt < 300_000;
    if (!isThere || isPaused || running || form.elements.version.value === "0") return;
    running = send();
    await running;
    running = null;
  }, 60_000);

  // A button goes on only with what is kept; the words are never given up for it.
  let isSure = isPaused;
  form.addEventListener("submit", async (event) => {
    const pressed = event.submitter, isAllKept = keptUpTo === changes && !running;
    if (isSure || isPaused || (isAllKept && pressed?.value !== "save")) return;
    event.preventDefault();
    const isKept = await keep();
    if (pressed?.value === "save" || !isKept) return;
    isSure = true;
    setTimeout(() => form.requestSubmit(pressed));
  });

  notes.addEventListener("keydown", (event) => {
    if (event.key === "Escape") notes.blur();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    keep();
  });

  if (isPaused) sessionStorage.removeItem(store); // they stand on this page, beside what somebody else wrote
  const left = sessionStorage.getItem(store);
  if (left) {
    const words = JSON.parse(left);
    form.elements.version.value = words.version ?? form.elements.version.value; // of what they were to take the place of
    for (const each of fields) {
      if (!(each.name in words)) continue;
      if (each.type === "checkbox") each.checked = words[each.name];
      else if (words[each.name]) each.value = words[each.name];
    }
    changed();
  }
  if (notes.value) notes.setSelectionRange(notes.value.length, notes.value.length);

  // Pieces that change beside the notes; what is being marked or looked at is left alone.
  async function again(place, from) {
    const isMarked = String(getSelection()) && place.contains(getSelection().anchorNode);
    if (isMarked || document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(from);
      const piece = answer.ok ? await answer.text() : "";
      if (piece && piece !== place.dataset.last) {
        place.innerHTML = piece;
        place.dataset.last = piece;
      }
    } catch { /* asked again in a moment */ }
  }
  const heard = get("heard");
  setInterval(() => again(heard, heard.dataset.from), 3000);
  get("back-fold").addEventListener("toggle", async (event) => {
    if (event.target.open && (await keep())) again(get("back"), event.target.dataset.from);
  });

  // The transcript never goes into the notes by itself: only what is marked, and with its time.
  let marked = "";
  document.addEventListener("selectionchange", () => {
    const words = String(getSelection()).trim();
    if (words && heard.contains(getSelection().anchorNode)) marked = words;
    get("copy").hidden = !marked;
  });
  get("copy").addEventListener("click", () => {
    const at = new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit" });
    notes.value = `${notes.value.trimEnd()}\n[${get("copy").dataset.heard} ${at}] ${marked}\n`.trimStart();
    marked = "";
    get("copy").hidden = true;
    notes.focus();
    changed();
  });

  const find = get("seek");
  let asking = 0;
  find?.addEventListener("input", () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      try {
        const answer = await fetch(`${get("found").dataset.from}?typed=${encodeURIComponent(find.value)}`);
        if (answer.ok) get("found").innerHTML = await answer.text();
      } catch { /* asked again with the next letter */ }
    }, 300);
  });
}
