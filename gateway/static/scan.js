// Sorts the pages of a scan by mouse and keys; without this file the buttons do the same, one page load each.

const form = document.getElementById("sorting");
if (form && form.querySelector(".scan-bar")) {
  const state = form.querySelector(".scan-bar__state");
  const saved = form.elements.arrangement.value;
  const isDraft = state.textContent.trim() !== "";
  const out = form.querySelector(".scan-letter--out");
  const letterOf = (page) => page.closest(".scan-letter");
  const listOf = (letter) => letter.querySelector(".scan-pages");
  const pagesOf = (letter) => [...letter.querySelectorAll(".scan-page")];
  const letters = () => [...form.querySelectorAll(".scan-letter:not(.scan-letter--out)")];
  const everyPage = () => [...form.querySelectorAll(".scan-page")];
  const isOut = (page) => letterOf(page) === out;
  let isLeaving = false;

  const written = (page) => {
    const turned = page.dataset.turned === "0" ? "" : `+${page.dataset.turned}`;
    return `${page.dataset.number}${turned}${"envelope" in page.dataset ? "e" : ""}`;
  };
  const line = (letter) => [letter.dataset.letter, ...pagesOf(letter).map(written)].join(" ");
  const isChanged = () => isDraft || form.elements.arrangement.value !== saved;

  // Envelopes stand last, what is left out in the order of the scan, new letters without a page fall away.
  const tidy = () => {
    for (const letter of letters()) {
      const pages = pagesOf(letter);
      if (!pages.length && letter.dataset.letter === "new") letter.remove();
      const last = pages.filter((page) => "envelope" in page.dataset);
      const wanted = [...pages.filter((page) => !("envelope" in page.dataset)), ...last];
      if (wanted.some((page, place) => page !== pages[place])) listOf(letter).append(...wanted);
    }
    const left = pagesOf(out);
    for (const page of left) {
      delete page.dataset.envelope;
      page.querySelector(".scan-page__envelope").textContent = "";
    }
    const inOrder = [...left].sort((one, other) => one.dataset.number - other.dataset.number);
    if (inOrder.some((page, place) => page !== left[place])) listOf(out).append(...inOrder);
  };

  const changed = (page, said) => {
    const hadFocus = document.activeElement;
    tidy();
    letters().forEach((letter, place) => { letter.querySelector(".scan-letter__place").textContent = place + 1; });
    form.elements.arrangement.value = [...letters(), out].map(line).join("\n");
    const where = isOut(page) ? "left out" : `letter ${letters().indexOf(letterOf(page)) + 1}`;
    state.textContent = isChanged() ? `Not saved yet. Page ${page.dataset.number}: ${said}, ${where}` : "";
    (page.contains(hadFocus) ? hadFocus : page).focus({ preventScroll: true });
    page.scrollIntoView({ block: "nearest" });
  };

  const newLetter = (after) => {
    const made = document.getElementById("new-letter").content.firstElementChild.cloneNode(true);
    if (after) after.after(made);
    else form.insertBefore(made, out);
    return made;
  };
  const rest = (page) => {
    const pages = pagesOf(letterOf(page));
    return pages.slice(pages.indexOf(page));
  };
  const turn = (page, by) => {
    page.dataset.turned = (Number(page.dataset.turned) + by) % 360;
    page.querySelector(".scan-page__turned").textContent = page.dataset.turned === "0" ? "" : `turned ${page.dataset.turned}°`;
    changed(page, "turned");
  };
  const before = (page) => letters()[letters().indexOf(letterOf(page)) - 1];

  const steps = {
    left: (page) => turn(page, 270),
    right: (page) => turn(page, 90),
    begin: (page) => {
      if (isOut(page)) listOf(newLetter()).append(page);
      else if (pagesOf(letterOf(page))[0] !== page) listOf(newLetter(letterOf(page))).append(...rest(page));
      else return;
      changed(page, "begins a letter");
    },
    join: (page) => {
      if (isOut(page) || !before(page)) return;
      listOf(before(page)).append(...rest(page));
      changed(page, "joined");
    },
    envelope: (page) => {
      if (isOut(page)) return;
      if ("envelope" in page.dataset) delete page.dataset.envelope;
      else page.dataset.envelope = "";
      page.querySelector(".scan-page__envelope").textContent = "envelope" in page.dataset ? "envelope" : "";
      changed(page, "envelope" in page.dataset ? "the envelope" : "no envelope");
    },
    out: (page) => {
      if (isOut(page)) return;
      listOf(out).append(page);
      changed(page, "moved");
    },
    back: (page) => {
      if (!isOut(page)) return;
      const placed = letters().flatMap(pagesOf).filter((each) => Number(each.dataset.number) < Number(page.dataset.number));
      const last = placed.sort((one, other) => one.dataset.number - other.dataset.number).pop();
      if (last) last.after(page);
      else listOf(letters()[0] ?? newLetter()).prepend(page);
      changed(page, "put back");
    },
  };
  const byKey = { l: "left", r: "right", b: "begin", j: "join", e: "envelope" };

  form.addEventListener("click", (event) => {
    const button = event.target.closest(".scan-button");
    if (!button) return;
    event.preventDefault();
    steps[button.value.split(" ")[0]](button.closest(".scan-page"));
  });

  // Arrows go from page to page, with Shift they carry the page along, also into the letter beside.
  const carried = (page, by) => {
    const all = everyPage();
    const next = all[all.indexOf(page) + by];
    if (!next) return;
    if (by > 0 && letterOf(next) !== letterOf(page)) next.before(page);
    else if (by > 0) next.after(page);
    else if (letterOf(next) !== letterOf(page)) next.after(page);
    else next.before(page);
    changed(page, "moved");
  };
  const inRow = (page, by) => {
    const here = page.getBoundingClientRect();
    const rows = everyPage().filter((each) => (each.getBoundingClientRect().top - here.top) * by > 5);
    const top = by * Math.min(...rows.map((each) => each.getBoundingClientRect().top * by));
    const row = rows.filter((each) => Math.abs(each.getBoundingClientRect().top - top) < 5);
    const away = (each) => Math.abs(each.getBoundingClientRect().left - here.left);
    return row.sort((one, other) => away(one) - away(other))[0];
  };

  form.addEventListener("keydown", (event) => {
    const page = event.target.closest(".scan-page");
    if (!page || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const row = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const key = event.key.toLowerCase();
    if (by && event.shiftKey) carried(page, by);
    else if (by) everyPage()[everyPage().indexOf(page) + by]?.focus();
    else if (row) inRow(page, row)?.focus();
    else if (key === "m") {
      form.elements.move_page.value = page.dataset.number;
      form.elements.move_letter.focus();
    } else if (key === "x") steps[isOut(page) ? "back" : "out"](page);
    else if (byKey[key]) steps[byKey[key]](page);
    else return;
    event.preventDefault();
  });

  // A page is taken with the mouse and let go before another, or in the room of a letter.
  let held = null;
  const unmark = () => form.querySelectorAll(".is-before, .is-over").forEach((each) => each.classList.remove("is-before", "is-over"));
  form.addEventListener("dragstart", (event) => {
    held = event.target.closest(".scan-page");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.number);
    held.classList.add("is-held");
  });
  form.addEventListener("dragend", () => {
    held?.classList.remove("is-held");
    held = null;
    unmark();
  });
  form.addEventListener("dragover", (event) => {
    const letter = held && event.target.closest(".scan-letter");
    if (!letter) return;
    event.preventDefault();
    unmark();
    const page = event.target.closest(".scan-page");
    if (page && page !== held) page.classList.add("is-before");
    else listOf(letter).classList.add("is-over");
  });
  form.addEventListener("drop", (event) => {
    const letter = held && event.target.closest(".scan-letter");
    if (!letter) return;
    event.preventDefault();
    const page = event.target.closest(".scan-page");
    const moving = held;
    if (page && page !== moving) page.before(moving);
    else if (!page) listOf(letter).append(moving);
    changed(moving, "moved");
  });

  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged() && !isLeaving) event.preventDefault();
  });
}
