// In the frame of another site: tells that page how high this one is, and when Escape asks to close it.
// It speaks to the page around it alone, and only once that has said hello from a site that may embed us.
const allowed = document.querySelector("script[data-origins]").dataset.origins.split(" ");
let host = "";

addEventListener("message", (event) => {
  if (window === parent || event.source !== parent || !allowed.includes(event.origin)) return;
  if (event.data !== "helpdesk:hello") return;
  host = event.origin;
  tellHeight();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) tell({ kind: "helpdesk:close" });
});

new ResizeObserver(tellHeight).observe(document.body);

function tellHeight() {
  tell({ kind: "helpdesk:height", height: document.documentElement.offsetHeight });
}

function tell(message) {
  if (host) parent.postMessage(message, host);
}
