// Starts the NHS.UK components on pages that have one: focus on the error summary, show password, radios.
// The address of the module comes from the script element, so that it can carry a content hash.
const script = document.querySelector("script[data-nhsuk-frontend]");

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
import(script.dataset.nhsukFrontend).then(({ initAll }) => initAll());
