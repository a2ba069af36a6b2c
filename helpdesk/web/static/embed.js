// Puts the helpdesk's chat on a page of another site: a button, and a panel that holds the chat in a frame.
//
//   <a href="https://help.example.org/" data-helpdesk>Get help logging in</a>
//   <script src="https://help.example.org/embed.js" data-label="Get help logging in" data-side="right" async></script>
//
// Where this script does not run, the plain link stays. It leaves no global behind, keeps nothing in the browser, and
// works under a strict content policy that allows our address in script-src and frame-src.
(() => {
  const script = document.currentScript;
  const isOldBrowser = !window.HTMLDialogElement || !("adoptedStyleSheets" in Document.prototype);
  if (!script || isOldBrowser || document.querySelector("helpdesk-chat")) return;

  const home = new URL(script.src).origin;
  const label = script.dataset.label || "Get help logging in";
  const side = script.dataset.side === "left" ? "left" : "right";
  const isPhone = matchMedia("(max-width: 40em), (max-height: 30em)");
  const highest = 4000;

  const make = (tag, properties, ...inside) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  };
  const opener = make("button", { type: "button", className: "opener", textContent: label, ariaHasPopup: "dialog" });
  const closer = make("button", { type: "button", className: "closer", textContent: "Close" });
  const elsewhere = { href: `${home}/`, target: "_blank", rel: "noopener" };
  const link = make("a", { ...elsewhere, textContent: "New tab", ariaLabel: "Open in a new tab" });
  const bar = make("header", {}, make("h2", { textContent: "Helpdesk" }), link, closer);
  const waiting = make("p", { textContent: "The chat is loading. If it does not show, open it in a new tab." });
  const frame = make("iframe", { title: label });
  const panel = make("dialog", { ariaLabel: label }, bar, waiting, frame);

  function open() {
    if (!frame.src) frame.src = `${home}/embed/`;
    show();
  }

  // On a phone the panel takes the whole screen, and the browser makes the page behind it inert.
  function show() {
    if (isPhone.matches) panel.showModal();
    else panel.show();
    opener.hidden = true;
    closer.focus();
  }

  function close() {
    if (panel.open) panel.close();
  }

  function showAnew() {
    if (!panel.open) return;
    panel.close();
    show();
  }

  function giveBack() {
    if (panel.open) return;
    opener.hidden = false;
    opener.focus();
  }

  function hear(event) {
    if (event.origin !== home || event.source !== frame.contentWindow) return;
    if (event.data?.kind === "helpdesk:close") close();
    const height = event.data?.kind === "helpdesk:height" && Number(event.data.height);
    if (!(height > 0)) return;
    waiting.hidden = true;
    frame.style.height = `${Math.min(height, highest)}px`;
  }

  opener.addEventListener("click", open);
  closer.addEventListener("click", close);
  panel.addEventListener("close", giveBack);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
  frame.addEventListener("load", () => frame.src && frame.contentWindow.postMessage("helpdesk:hello", home));
  isPhone.addEventListener("change", showAnew);
  addEventListener("message", hear);

  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; }
    * { box-sizing: border-box; font-family: Arial, sans-serif; line-height: 1.4; }
    [hidden] { display: none !important; }
    .opener, dialog { position: fixed; ${side}: 16px; bottom: 16px; z-index: 2147483000; }
    .opener { min-height: 48px; padding: 12px 20px; border: 2px solid #fff; border-radius: 28px; color: #fff;
      background: #212b32; font-size: 18px; font-weight: 700; box-shadow: 0 2px 12px rgba(0, 0, 0, .35); cursor: pointer; }
    .opener:hover { background: #3f4b54; }
    dialog { inset-inline: auto; ${side}: 16px; top: auto; margin: 0; padding: 0; width: 432px; max-width: calc(100vw - 32px);
      max-height: calc(100vh - 32px); overflow: hidden; border: 1px solid #4c6272; border-radius: 10px;
      background: #f0f4f5; box-shadow: 0 6px 32px rgba(0, 0, 0, .35); }
    dialog[open] { display: flex; flex-direction: column; }
    header { display: flex; flex: none; align-items: center; gap: 0 8px; padding: 4px 6px 4px 16px;
      color: #fff; background: #212b32; }
    h2 { flex: 1; margin: 8px 0; font-size: 18px; }
    a { padding: 11px 8px; color: inherit; font-size: 16px; text-underline-offset: 3px; }
    .closer { min-height: 44px; padding: 8px 10px; border: 0; color: inherit; background: none; font-size: 16px;
      font-weight: 700; text-decoration: underline; text-underline-offset: 3px; cursor: pointer; }
    .opener:focus, a:focus, .closer:focus { outline: 4px solid transparent; color: #212b32; background: #ffeb3b;
      box-shadow: 0 4px #212b32; }
    p { margin: 16px; color: #212b32; font-size: 16px; }
    iframe { flex: 0 1 auto; width: 100%; height: 640px; min-height: 0; border: 0; }
    @media (max-width: 40em), (max-height: 30em) {
      dialog { inset: 0; width: 100%; max-width: none; height: 100%; max-height: none; border: 0; border-radius: 0; }
      iframe { flex: 1 1 auto; height: 100% !important; }
    }
    @media print { .opener { display: none; } }`);

  const place = document.createElement("helpdesk-chat");
  const root = place.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];
  root.append(opener, panel);
  const arrive = () => {
    document.body.append(place);
    document.querySelectorAll("a[data-helpdesk]").forEach((link) => (link.hidden = true));
  };
  if (document.body) arrive();
  else addEventListener("DOMContentLoaded", arrive);
})();
