// Keeps the answer that is being written: when the typing stops, before another form of the page is sent, and when the
// page is left. What could not be kept is tried again with the next letter; nobody is kept from going on.
const form = document.querySelector("form[data-draft]");
const PAUSE = 2_000;
const GIVES_UP_AFTER = 3_000;
let kept = written();
let isSent = false;
let saving = null;
let timer;

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
form.addEventListener("change", keep); // the box was left: the next click may leave the page
addEventListener("pagehide", keep);
addEventListener("pageshow", () => (isSent = false));
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target === form) {
    isSent = true;
    clearTimeout(timer);
  } else if (keep()) {
    event.preventDefault(); // the next page shows the draft: it must be there first
    saving.then(() => event.target.requestSubmit(event.submitter));
  }
});

function written() {
  return `${form.elements.kind.value} ${form.elements.text.value}`;
}

// The saving that is under way, if any.
function keep() {
  clearTimeout(timer);
  if (isSent || written() === kept) return saving;
  kept = written();
  const send = { method: "POST", body: new FormData(form), redirect: "error", keepalive: true };
  const mine = fetch(form.dataset.draft, { ...send, signal: AbortSignal.timeout(GIVES_UP_AFTER) })
    .catch(() => {})
    .finally(() => saving === mine && (saving = null));
  return (saving = mine);
}
