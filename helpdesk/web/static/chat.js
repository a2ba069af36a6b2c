// The chat without reloads. Each form of the chat also works as it is: this only sends it in the background,
// takes the new lines from the page that comes back, and leaves the focus in the box.
const box = () => document.querySelector("#composer textarea");
const list = document.querySelector("#conversation-messages");
const places = ["#chat-errors", "#known-issue", "#request-status", "#chat-restart", ".app-dock", "#chat-close"];
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const touch = matchMedia("(pointer: coarse)");
let busy = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("#composer, #conversation form")) return;
  if (event.submitter?.value === "person") return; // another page
  event.preventDefault();
  if (!busy) send(form, new FormData(form, event.submitter));
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// A page that the browser kept whole may be another person's by now: what it may show is asked anew.
addEventListener("pageshow", (event) => event.persisted && location.reload());

async function send(form, data) {
  // On a touch screen the focus would bring the keyboard up over the answer of somebody who only tapped.
  const staysInBox = document.activeElement === box() || !touch.matches;
  setBusy(true);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(data) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = page.querySelectorAll("#conversation-messages > li");
    if (!lines.length) refuse(page);
    else if (answer.ok && isHandedOver(page) && !isHandedOver(document)) startAnew();
    else show(page, lines, answer.ok, staysInBox);
  } catch {
    tell("That was not sent. Check your connection, then send it again. Your text is still here.");
  }
  setBusy(false);
}

const isHandedOver = (page) => page.querySelector("#request-status") !== null;

// Handed over in another tab: the request has a page of its own.
function startAnew() {
  box().value = "";
  location.reload();
}

function show(page, lines, isSent, staysInBox) {
  const draft = box()?.value ?? "";
  const isTyped = isSent && draft.trim() === list.dataset.sent;
  const fresh = [...lines].filter((line) => !document.getElementById(line.id));
  if (isSent) list.querySelectorAll("form, .app-actions, [data-clock]").forEach((old) => old.remove());
  places.forEach((place) => document.querySelector(place)?.replaceWith(...page.querySelectorAll(place)));
  document.title = page.title;
  list.append(...fresh);
  if (box()) box().value = isTyped ? "" : draft;
  fresh[0]?.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  if (staysInBox) box()?.focus({ preventScroll: true });
}

// A calm page instead of the chat says why: too long, too many, too busy. The text stays in the box.
function refuse(page) {
  const words = (part) => page.querySelector(`main ${part}`)?.textContent.trim() ?? "";
  tell(`${words("h1")}. Your text is still here. You can also phone ${words(".app-tel")}.`);
}

function tell(text) {
  const line = document.createElement("p");
  line.className = "nhsuk-error-message";
  line.id = "chat-retry";
  line.role = "alert";
  line.textContent = text;
  document.querySelector("#composer")?.append(line);
}

function setBusy(value) {
  busy = value;
  if (value) document.querySelector("#chat-retry")?.remove();
  if (value) list.dataset.sent = box()?.value.trim() ?? "";
  list.parentElement.setAttribute("aria-busy", value);
}
