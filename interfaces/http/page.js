// Puts the new <main> in the place of the old, only while somebody looks; without script the page stands still.
setInterval(async () => {
  if (document.hidden) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const main = page.querySelector("main");
    if (main) document.querySelector("main").innerHTML = main.innerHTML;
  } catch {
    document.querySelector("#shown").textContent = "the server does not answer";
  }
}, 5000);
