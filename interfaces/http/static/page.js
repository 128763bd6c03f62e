// What pages do beyond what the browser does by itself. Everything works without it, but for pages that bring themselves
// up to date. It holds no text that people wrote and makes no HTML: that comes from the server.
(() => {
  "use strict";
  const byId = id => document.getElementById(id);
  const main = () => byId("main");

  function announce(text) {
    const region = byId("announced");
    if (!region || !text) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  }

  // The time zone of this browser, unless the reader has chosen one.
  function tellZone() {
    if (/(^|; )trellis-zone=/.test(document.cookie)) return false;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return false;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `trellis-zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=strict${secure}`;
    return zone !== "UTC";
  }

  // On a phone the lines of links scroll: where one is, is in sight.
  function bringIntoSight() {
    for (const list of document.querySelectorAll("nav ul")) {
      const here = list.querySelector("[aria-current]");
      if (here) list.scrollLeft = here.offsetLeft - list.offsetLeft - list.clientWidth / 3;
    }
  }

  // After a page has come: the focus goes to what was done, to what is wrong, or to the heading; and that is said.
  function settle() {
    bringIntoSight();
    const shown = byId("problems") || byId("message") || main().querySelector("h1");
    if (shown) {
      if (!shown.hasAttribute("tabindex")) shown.tabIndex = -1;
      const first = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
      (first || shown).focus({ preventScroll: !first });
    }
    announce(shown && shown.id ? shown.textContent.trim() : document.title);
    follow();
    awaitPage();
  }

  // Live pages. /live says that something changed; then the page is asked for again, at most once a second, and what
  // differs is changed in place. Forms that are being filled in, and what has the focus, stay as they are.
  let source = null, following = null, due = null, asking = false, again = false;

  function follow() {
    const topic = main() && main().dataset.live;
    if (topic === following) return;
    if (source) source.close();
    source = null;
    following = topic;
    if (!topic) return;
    source = new EventSource(topic);
    source.onmessage = soon;
  }

  function soon() {
    if (due === null) due = setTimeout(refresh, 1000);
  }

  const touched = new WeakSet();
  addEventListener("input", event => { if (event.target.form) touched.add(event.target.form); });
  addEventListener("submit", event => touched.delete(event.target));
  addEventListener("reset", event => touched.delete(event.target));

  // A form that is under way is not sent again, as by a double click. The server carries it out once in any case.
  const sending = new WeakSet();
  addEventListener("submit", event => {
    const form = event.target;
    if (form.method !== "post") return;
    if (sending.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    sending.add(form);
    form.setAttribute("aria-busy", "true");
  }, true);
  const sent = form => { sending.delete(form); form.removeAttribute("aria-busy"); };
  document.addEventListener("htmx:afterRequest", event => { if (event.detail.elt.tagName === "FORM") sent(event.detail.elt); });
  addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(sent));
  const isBusy = form => touched.has(form) || form.contains(document.activeElement);

  async function refresh() {
    due = null;
    if (document.hidden) { again = true; return; }
    if (asking) { soon(); return; }
    asking = true;
    const address = location.href;
    try {
      const answer = await fetch(address, { headers: { "Accept": "text/html", "X-Refresh": "1" } });
      if (!answer.ok || answer.redirected || location.href !== address) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      if (fresh && location.href === address) { morph(fresh); putFoot(page.getElementById("foot")); }
    } catch {
      setTimeout(soon, 5000);
    } finally {
      asking = false;
    }
  }

  // A page that is not there yet is asked for when it says, and shown once it is there.
  let awaited = null;

  function awaitPage() {
    clearTimeout(awaited);
    const notice = byId("again");
    if (!notice || !notice.dataset.seconds) return;
    notice.textContent = "This page shows itself when it is ready.";
    awaited = setTimeout(askForPage, 1000 * notice.dataset.seconds);
  }

  async function askForPage() {
    const address = location.href;
    try {
      const answer = await fetch(address, { headers: { "Accept": "text/html", "X-Refresh": "1" } });
      if (location.href !== address) return;
      if (answer.status === 503) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (page.getElementById("main")) morph(page.getElementById("main"));
      } else if (![...document.forms].some(isBusy)) {
        location.reload();
        return;
      }
    } catch { /* asked again */ }
    awaitPage();
  }

  function putFoot(fresh) {
    const foot = byId("foot");
    if (foot && fresh && !foot.contains(document.activeElement)) { foot.replaceWith(document.importNode(fresh, true)); htmx.process(byId("foot")); }
  }

  function morph(fresh) {
    const message = byId("message");
    if (message) fresh.prepend(document.importNode(message, true));
    Idiomorph.morph(main(), fresh, {
      ignoreActiveValue: true,
      callbacks: {
        beforeNodeMorphed: (old, _) => !(old.tagName === "FORM" && isBusy(old)),
        beforeNodeRemoved: old => !(old.nodeType === 1 && (old.contains(document.activeElement) || [...old.querySelectorAll("form")].some(isBusy))),
        beforeAttributeUpdated: (name, element) => !(name === "open" && (element.tagName === "DETAILS" || element.tagName === "DIALOG")) && name !== "tabindex",
      },
    });
    htmx.process(main());
    const news = main().querySelector("[data-announce]");
    if (news && news.dataset.announce !== announced) announce(announced = news.dataset.announce);
  }
  let announced = null;

  document.addEventListener("visibilitychange", () => { if (!document.hidden && again) { again = false; soon(); } });

  // What was typed stays where it is when the server is away or too slow, and a notice above says so.
  const isSent = config => Boolean(config) && config.verb !== "get";
  function unanswered(event, says) {
    const again = isSent(event.detail.requestConfig)
      ? "What you typed is still here. Send it again: what was done already is not done twice." : "Try again in a moment.";
    const notice = byId("unanswered") || document.createElement("p");
    notice.id = "unanswered";
    notice.className = "notice critical";
    notice.tabIndex = -1;
    notice.textContent = `${says} ${again}`.trim();
    main().prepend(notice);
    notice.focus();
    announce(notice.textContent);
  }

  // htmx: the answer is a page, also where something was refused.
  document.addEventListener("htmx:configRequest", event => { event.detail.headers.Accept = "text/html"; });
  document.addEventListener("htmx:beforeRequest", () => document.body.classList.add("busy"));
  document.addEventListener("htmx:afterRequest", () => document.body.classList.remove("busy"));
  document.addEventListener("htmx:sendError", event => unanswered(event, "The server does not answer."));
  document.addEventListener("htmx:timeout", event => unanswered(event, "The server did not answer in time."));
  document.addEventListener("htmx:beforeSwap", event => {
    if (event.detail.xhr.status === 503 && isSent(event.detail.requestConfig)) {
      event.detail.shouldSwap = false;
      const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
      const reason = page.querySelector(".reason");
      unanswered(event, reason ? reason.textContent : "");
      return;
    }
    // What is no page of ours, such as a file, is shown by the browser itself.
    if (!/<main[\s>]/.test(event.detail.xhr.responseText)) {
      event.detail.shouldSwap = false;
      location.assign(event.detail.xhr.responseURL);
    }
  });
  document.addEventListener("htmx:afterSettle", event => { if (event.detail.target.id === "main" || event.detail.elt.id === "main") settle(); });

  // The palette: Ctrl+K or Command+K.
  const palette = document.createElement("dialog");
  let searching = null, asked = 0;

  function openPalette() {
    if (!document.querySelector(".find")) return;
    if (!palette.isConnected) {
      palette.setAttribute("aria-label", "Go to");
      const field = document.createElement("input");
      field.type = "text"; // in a field of the type search, Escape would not close the palette at once
      field.setAttribute("aria-label", "Go to a page, a journey, a person or a program");
      field.placeholder = "Go to …";
      field.maxLength = 100;
      const list = document.createElement("ul");
      palette.append(field, list);
      document.body.append(palette);
      field.addEventListener("input", () => { clearTimeout(searching); searching = setTimeout(() => search(field.value, list), 80); });
      palette.addEventListener("keydown", event => move(event, field, list));
      list.addEventListener("click", event => { if (event.target.closest("a")) palette.close(); });
    }
    const [field, list] = palette.children;
    field.value = "";
    palette.showModal();
    field.focus();
    search("", list);
  }

  async function search(words, list) {
    const mine = ++asked;
    try {
      const answer = await fetch(`/find?q=${encodeURIComponent(words)}`, { headers: { "Accept": "text/html", "X-Refresh": "1" } });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const links = [...page.querySelectorAll("#found a")].slice(0, 20);
      list.replaceChildren(...links.map(link => { const item = document.createElement("li"); item.append(document.importNode(link, true)); return item; }));
      htmx.process(list);
      announce(links.length === 1 ? "1 result" : `${links.length} results`);
    } catch { announce("The server is not responding."); }
  }

  function move(event, field, list) {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) links[Math.min(at + 1, links.length - 1)].focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : field).focus();
    else if (event.key === "Enter" && document.activeElement === field && links.length) links[0].click();
    else return;
    event.preventDefault();
  }

  addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    }
  });

  bringIntoSight();
  const fresh = tellZone();
  follow();
  awaitPage();
  if (fresh) refresh();
  if (byId("problems") || byId("message")) (byId("problems") || byId("message")).focus();
})();
